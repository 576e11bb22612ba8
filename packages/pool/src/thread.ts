import { reopenDataset } from '@lossmill/dataset';
import { encodePartial, type Plan, ShardRunner } from '@lossmill/evaluation';
import { createKernels } from '@lossmill/kernels';
import { Control } from './control.js';
import { openOutputs } from './outputs.js';
import { packError } from './packed-error.js';
import { runShards } from './shard-loop.js';
import type { ThreadResult, ThreadTask } from './thread-types.js';

/** What a piscina thread runs: shards, until there are none left. */
export default async function thread({
  plan: rest,
  handle,
  outputs: files,
  control: buffer,
  port,
}: ThreadTask): Promise<ThreadResult> {
  const control = new Control(buffer);
  const plan: Plan = { ...rest, handle };
  const dataset = await reopenDataset(handle);
  const outputs = openOutputs(files);
  try {
    const runner = new ShardRunner(plan, dataset, createKernels(), outputs.sinks);
    const deliver = (partial: Parameters<typeof encodePartial>[0]): void => {
      const bytes = encodePartial(partial);
      port.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
    };
    const { shards, failure } = await runShards({ plan, runner, control, deliver });
    return {
      bytesRead: runner.bytesRead,
      shards,
      failure: failure && { shard: failure.shard, error: packError(failure.error) },
    };
  } catch (error) {
    control.stop('soft');
    return { bytesRead: 0, shards: 0, failure: { shard: 0, error: packError(error) } };
  } finally {
    outputs.close();
    await dataset.close();
    port.close();
  }
}
