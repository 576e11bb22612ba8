import { type Spec, shardPieces, shardsOf } from '@lossmill/evaluation';
import { planOf } from '@lossmill/pool';

/** `--plan`: every shard with its rows and where they lie, one line each; with --json one value. */
export async function printPlan(spec: Spec, json: boolean): Promise<void> {
  const plan = await planOf(spec);
  const write = (text: string) => process.stdout.write(text);
  if (json) write(`{"version":1,"rows":${plan.rows},"shardRows":${plan.shardRows},"count":${plan.shards},"shards":[`);
  else write(`  ${count(plan.rows)} rows · ${count(plan.shards)} shards of ${count(plan.shardRows)} rows\n\n`);
  for (const shard of shardsOf(plan)) {
    const pieces = shardPieces(plan, shard);
    if (json) write(`${shard.index === 0 ? '' : ','}\n${JSON.stringify({ ...shard, pieces })}`);
    else {
      const where = pieces.map(({ uri, start, end }) => `${uri} ${count(start)} … ${count(end)}`).join(', ');
      write(`  ${String(shard.index).padStart(6)}  ${count(shard.start)} … ${count(shard.end)}  ${where}\n`);
    }
  }
  if (json) write(']}\n');
}

const count = (n: number): string => n.toLocaleString('en-US');
