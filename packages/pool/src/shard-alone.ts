import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { unpackError } from './packed-error.js';
import type { PoolPlan, ShardResult } from './shard-pool.js';
import { accessOf, sharedOf, unpackResult } from './shard-pool.js';
import type { AloneReply, AloneTask } from './shard-pool-types.js';

const LOOK_MS = 100;

/** The process that computed some shards died. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
  /** @param how "SIGKILL", "exit code 1" or "no answer within 600 s" */
  constructor(readonly how: string) {
    super(`The process of a shard died (${how}).`);
  }
}

/**
 * Runs shards in a process of their own, which may die of them, and is ended after `limitMs`.
 * @throws ProcessDied, DataError when the dataset cannot be opened
 */
export function runAlone(plan: PoolPlan, shards: number[], limitMs: number): Promise<ShardResult> {
  const child = fork(fileURLToPath(new URL('./shard-alone-process.js', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (!plan.stopped) return;
      child.kill('SIGKILL');
      resolve({ runs: [], failures: [], stopped: true, ms: 0 });
    }, LOOK_MS);
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new ProcessDied(`no answer within ${limitMs / 1000} s`));
    }, limitMs);
    child.once('message', (reply: AloneReply) => {
      if ('error' in reply) reject(unpackError(reply.error));
      else resolve(unpackResult(reply.result));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(timer);
      clearTimeout(limit);
      reject(new ProcessDied(signal ?? `exit code ${code}`));
    });
    child.send({
      text: new Uint8Array(sharedOf(plan).text).slice(),
      shards,
      access: accessOf(plan),
    } satisfies AloneTask);
  });
}
