import { type Partial, type Plan, type ShardRunner, shardAt } from '@lossmill/evaluation';
import type { Control } from './control.js';

/** A partial with more tree nodes than this is handed over: shards of other threads keep its nodes from uniting here. */
const MOST_NODES = 64;

/** Thrown between chunks after a hard stop; never seen outside the pool. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

export interface ShardLoop {
  plan: Plan;
  runner: ShardRunner;
  control: Control;
  /** Receives partials as they get too big to keep, and the last one, with the number of shards each holds. */
  deliver(partial: Partial, shards: number): void;
  /** Called between chunks; a promise is awaited. */
  breathe?: () => void | Promise<void>;
}

/** The failure that ended a loop, with the shard it happened in. */
export interface Failure {
  shard: number;
  error: unknown;
}

/** Takes shards until there are none, or a stop. Returns the failure that ended it, if any. */
export async function runShards({ plan, runner, control, deliver, breathe }: ShardLoop): Promise<Failure | null> {
  let partial = runner.partial();
  let shards = 0;
  const checkpoint = (rows: number): void | Promise<void> => {
    control.addRows(rows);
    if (control.hardStopped) throw new Stopped();
    return breathe?.();
  };
  while (!control.softStopped) {
    const index = control.takeShard();
    if (index >= plan.shards) break;
    const before = runner.bytesRead;
    try {
      await runner.run(shardAt(plan, index), partial, checkpoint);
    } catch (error) {
      control.stop('soft');
      return { shard: index, error };
    }
    control.addBytes(runner.bytesRead - before);
    shards++;
    if (partial.bad.count > 0 && plan.spec.badRows === 'fail') control.markBadRows();
    if (partial.ordered.nodes.length > MOST_NODES) {
      deliver(partial, shards);
      partial = runner.partial();
      shards = 0;
    }
  }
  if (shards > 0) deliver(partial, shards);
  return null;
}
