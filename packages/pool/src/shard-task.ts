import { type Access, type Dataset, reopenDataset } from '@lossmill/dataset';
import { encodePartial, Partial, ShardRunner, shardAt } from '@lossmill/evaluation';
import { createKernels } from '@lossmill/kernels';
import { failpoint } from './failpoint.js';
import { type OpenOutputs, openOutputs } from './output-sinks.js';
import type { WritingPlan } from './output-types.js';
import { packError } from './packed-error.js';
import type { PackedResult, ShardRun, ShardTask, SharedPlan } from './shard-pool-types.js';

class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** A plan with its dataset open, ready to run shards in this thread. */
export class OpenPlan {
  #runner: ShardRunner | null = null;

  private constructor(
    readonly plan: WritingPlan,
    private readonly dataset: Dataset,
    private readonly outputs: OpenOutputs,
  ) {}

  /** @throws DataError ACCESS_DENIED for a plan that reads what `access` does not allow */
  static async open({ text }: SharedPlan, access: Access | undefined): Promise<OpenPlan> {
    // TextDecoder takes no shared memory.
    const plan = JSON.parse(Buffer.from(new Uint8Array(text)).toString()) as WritingPlan;
    const outputs = openOutputs(plan.outputs?.files ?? [], access);
    try {
      return new OpenPlan(plan, await reopenDataset(plan.handle, { access }), outputs);
    } catch (error) {
      outputs.close();
      throw error;
    }
  }

  close(): Promise<void> {
    this.outputs.close();
    return this.dataset.close();
  }

  /** Runs shards one by one; one that fails leaves the others as they are. */
  async run({ shards, flag }: ShardTask): Promise<PackedResult> {
    const since = performance.now();
    const stop = new Int32Array(flag);
    const result: PackedResult = { runs: [], failures: [], stopped: false, ms: 0 };
    let run: (Omit<ShardRun, 'partial'> & { partial: Partial }) | null = null;
    const end = (): void => {
      if (run) result.runs.push({ ...run, partial: encodePartial(run.partial) });
      run = null;
    };
    for (const shard of shards) {
      if (run && run.first + run.count !== shard) end();
      try {
        const { partial, bytes } = await this.#one(shard, stop);
        run ??= { first: shard, count: 0, rows: 0, bytes: 0, partial: new Partial(this.plan.spec) };
        run.count++;
        run.rows += partial.rowsRead;
        run.bytes += bytes;
        run.partial.merge(partial);
      } catch (error) {
        end();
        // What the runner held of the shard must not enter the next one.
        this.#runner = null;
        if (error instanceof Stopped) {
          result.stopped = true;
          break;
        }
        result.failures.push({ shard, error: packError(error) });
      }
    }
    end();
    await this.#sync(result);
    result.ms = performance.now() - since;
    return result;
  }

  /** Before any of it is counted. */
  async #sync(result: PackedResult): Promise<void> {
    if (result.runs.length === 0) return;
    try {
      await this.outputs.sync();
    } catch (error) {
      for (const { first, count } of result.runs.splice(0))
        for (let shard = first; shard < first + count; shard++)
          result.failures.push({ shard, error: packError(error) });
    }
  }

  async #one(shard: number, stop: Int32Array): Promise<{ partial: Partial; bytes: number }> {
    const look = (): void => {
      if (Atomics.load(stop, 0) !== 0) throw new Stopped();
    };
    look();
    failpoint('shard');
    failpoint(`shard-${shard}`);
    this.#runner ??= new ShardRunner(this.plan, this.dataset, createKernels(), this.outputs.sinks);
    const partial = this.#runner.partial();
    const before = this.#runner.bytesRead;
    const rows = shardAt(this.plan, shard);
    this.outputs.begin(rows);
    await this.#runner.run(rows, partial, look);
    await stoppable(stop, (signal) => this.outputs.end(signal));
    return { partial, bytes: this.#runner.bytesRead - before };
  }
}

const LOOK_MS = 100;

/** Lets work that waits for a server end when the plan is stopped. */
async function stoppable(stop: Int32Array, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const timer = setInterval(() => Atomics.load(stop, 0) !== 0 && controller.abort(new Stopped()), LOOK_MS);
  try {
    await work(controller.signal);
  } finally {
    clearInterval(timer);
  }
}
