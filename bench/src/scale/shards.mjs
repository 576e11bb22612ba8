import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeSparse } from './data.mjs';
import { command, cpuTime, end, peakMemory, startMember } from './processes.mjs';
import { commandsBetween, cpuOf, startRedis } from './redis.mjs';

const LOOK_MS = 500;
const ENDS = ['done', 'degraded', 'failed', 'cancelled'];

/** Evaluates a data set of `shards` tiny shards on a cluster of this run's own and says what that took. */
export async function runShards(folder, shards, { workers, threads, profile, say }) {
  const spec = writeSparse(folder, shards);
  const path = join(folder, `spec-${shards}.json`);
  writeFileSync(path, JSON.stringify(spec));
  say(`${shards} shards: locally`);
  const local = await command({}, ['eval', '--spec', path, '--json', '--threads', String(threads)]);
  const redis = await startRedis(folder);
  const env = {
    LOSSMILL_REDIS: redis.url,
    LOSSMILL_DATA_ROOTS: folder,
    LOSSMILL_THREADS: String(threads),
    LOSSMILL_LOG: 'info',
  };
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [];
  const members = [await startMember('coordinator', env, flags)];
  for (let i = 0; i < workers; i++) members.push(await startMember('worker', env, flags));
  try {
    // Until what happens once, at the start, is over.
    await sleep(2000);
    const before = await redis.info();
    const cpuBefore = members.map(cpuTime);
    const since = performance.now();
    const id = (await command(env, ['submit', '--spec', path, '--detach', '--json'])).value.id;
    const record = await ended(redis.client, id, (done) => say(`${shards} shards: ${done} counted`));
    const seconds = (performance.now() - since) / 1000;
    const after = await redis.info();
    const { value: report } = await command(env, ['result', id, '--json']);
    const cpu = members.map((member, i) => cpuTime(member) - cpuBefore[i]);
    return {
      shards,
      redisPeakMB: (Number(after.used_memory_peak) - Number(before.used_memory)) / 2 ** 20,
      redisUs: ((cpuOf(after) - cpuOf(before)) * 1e6) / shards,
      redisBytes: (Number(after.total_net_input_bytes) - Number(before.total_net_input_bytes)) / shards,
      coordinatorMB: peakMemory(members[0]),
      coordinatorUs: (cpu[0] * 1e6) / shards,
      workerMB: Math.max(...members.slice(1).map(peakMemory)),
      workerUs: (cpu.slice(1).reduce((sum, one) => sum + one, 0) * 1e6) / shards,
      seconds,
      localSeconds: local.seconds,
      counted: Number(record.done),
      exact: report.digest === local.value.digest,
      commands: commandsBetween(before, after).slice(0, 8),
    };
  } finally {
    await Promise.all(members.map((member) => end(member, profile ? 'SIGTERM' : 'SIGKILL')));
    await redis.stop();
    for (const [file] of Object.values(spec.data.arrays)) rmSync(file, { force: true });
  }
}

/** Waits with one small command every half second, so that the look costs nothing that counts. */
async function ended(client, id, look) {
  const key = `{lossmill}:ev:${id}:st`;
  for (;;) {
    const [state, done] = await client.hmget(key, 'state', 'done');
    look(Number(done));
    if (ENDS.includes(state)) return client.hgetall(key);
    await sleep(LOOK_MS);
  }
}
