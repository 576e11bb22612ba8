import { packError } from './packed-error.js';
import type { AloneReply, AloneTask } from './shard-pool-types.js';
import { OpenPlan } from './shard-task.js';

/** What a process of `runAlone` does: one list of shards, one answer. */
async function run({ text, shards, access }: AloneTask): Promise<AloneReply> {
  const shared = new SharedArrayBuffer(text.length);
  new Uint8Array(shared).set(text);
  const task = { key: '', text: shared, flag: new SharedArrayBuffer(4), shards };
  try {
    const plan = await OpenPlan.open(task, access);
    try {
      return { result: await plan.run(task) };
    } finally {
      await plan.close();
    }
  } catch (error) {
    return { error: packError(error) };
  }
}

process.once('message', async (task: AloneTask) => {
  const reply = await run(task);
  process.send?.(reply, undefined, {}, () => process.disconnect());
});
