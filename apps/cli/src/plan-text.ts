import { setImmediate } from 'node:timers/promises';
import { type Plan, type Spec, shardPieces, shardsOf } from '@lossmill/evaluation';
import { planOf } from '@lossmill/pool';

/** Written at once; between the pieces a reader that has gone is noticed. */
const PIECE = 1 << 16;

/** `--plan`: every shard with its rows and where they lie, one line each; with --json one value. */
export async function printPlan(spec: Spec, json: boolean): Promise<void> {
  let piece = '';
  for (const text of planText(await planOf(spec), json)) {
    piece += text;
    if (piece.length < PIECE) continue;
    process.stdout.write(piece);
    piece = '';
    await setImmediate();
  }
  process.stdout.write(piece);
}

function* planText(plan: Plan, json: boolean): Generator<string> {
  if (json) yield `{"version":1,"rows":${plan.rows},"shardRows":${plan.shardRows},"count":${plan.shards},"shards":[`;
  else yield `  ${count(plan.rows)} rows · ${count(plan.shards)} shards of ${count(plan.shardRows)} rows\n\n`;
  for (const shard of shardsOf(plan)) {
    const pieces = shardPieces(plan, shard);
    if (json) yield `${shard.index === 0 ? '' : ','}\n${JSON.stringify({ ...shard, pieces })}`;
    else {
      const where = pieces.map(({ uri, start, end }) => `${uri} ${count(start)} … ${count(end)}`).join(', ');
      yield `  ${String(shard.index).padStart(6)}  ${count(shard.start)} … ${count(shard.end)}  ${where}\n`;
    }
  }
  if (json) yield ']}\n';
}

const count = (n: number): string => n.toLocaleString('en-US');
