import { reopenDataset } from '@lossmill/dataset';
import { encodePartial, type Plan, ShardRunner } from '@lossmill/evaluation';
import { createKernels } from '@lossmill/kernels';
import { Control } from './control.js';
import { openOutputs } from './output-sinks.js';
import { packError } from './packed-error.js';
import { runShards } from './shard-loop.js';
import type { Delivery, ThreadResult, ThreadTask } from './thread-types.js';

/** What a piscina thread runs: shards, until there are none left. */
export default async function thread({
  plan: rest,
  handle,
  outputs: files,
  port,
  control: buffer,
}: ThreadTask): Promise<ThreadResult> {
  const control = new Control(buffer);
  const plan: Plan = { ...rest, handle };
  const outputs = openOutputs(files);
  const dataset = await reopenDataset(handle);
  try {
    const failure = await runShards({
      plan,
      runner: new ShardRunner(plan, dataset, createKernels(), outputs.sinks),
      control,
      deliver: (partial, shards) => {
        const delivery: Delivery = { partial: encodePartial(partial), shards };
        port.postMessage(delivery, [delivery.partial.buffer as ArrayBuffer]);
      },
    });
    return { failure: failure && { shard: failure.shard, error: packError(failure.error) } };
  } finally {
    outputs.close();
    await dataset.close();
  }
}
