import { BroadcastChannel, workerData } from 'node:worker_threads';
import { packError } from './packed-error.js';
import type { PackedResult, ShardTask, ThreadSetup } from './shard-pool-types.js';
import { OpenPlan } from './shard-task.js';

/** Plans that a thread keeps open: of the evaluations that take turns. */
const MOST_OPEN = 4;

// piscina hands over [its own, ours].
const { open, channel, access } = (Array.isArray(workerData) ? workerData[1] : workerData) as ThreadSetup;
const openCount = new Int32Array(open);
const plans = new Map<string, OpenPlan>();
let busy: Promise<unknown> = Promise.resolve();

/** Runs the shards of a task. piscina gives a thread one at a time. */
export default async function thread(task: ShardTask): Promise<PackedResult> {
  const work = busy.then(() => run(task));
  busy = work.catch(() => {});
  return work;
}

async function run(task: ShardTask): Promise<PackedResult> {
  let plan = plans.get(task.key);
  try {
    plan ??= await openPlan(task);
  } catch (error) {
    // Thrown, it would lose its code on the way.
    const failures = task.shards.map((shard) => ({ shard, error: packError(error) }));
    return { runs: [], failures, stopped: false, ms: 0 };
  }
  // The last used is the last in the map.
  plans.delete(task.key);
  plans.set(task.key, plan);
  return plan.run(task);
}

async function openPlan(task: ShardTask): Promise<OpenPlan> {
  for (const key of plans.keys()) {
    if (plans.size < MOST_OPEN) break;
    await putDown(key);
  }
  Atomics.add(openCount, 0, 1);
  try {
    const plan = await OpenPlan.open(task, access);
    plans.set(task.key, plan);
    return plan;
  } catch (error) {
    Atomics.sub(openCount, 0, 1);
    throw error;
  }
}

async function putDown(key: string): Promise<void> {
  const plan = plans.get(key);
  if (!plan) return;
  plans.delete(key);
  try {
    await plan.close();
  } finally {
    Atomics.sub(openCount, 0, 1);
  }
}

const ears = new BroadcastChannel(channel);
ears.onmessage = (event) => {
  const { key } = (event as { data: { key: string | null } }).data;
  busy = busy.then(async () => {
    for (const name of key === null ? [...plans.keys()] : [key]) await putDown(name).catch(() => {});
  });
};
ears.unref();
