import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeSparse } from './data.mjs';
import { command, cpuTime, end, peakMemory, startMember } from './processes.mjs';
import { commandsBetween, cpuOf, startRedis } from './redis.mjs';

const LOOK_MS = 500;
const ENDS = ['done', 'degraded', 'failed', 'cancelled'];

/** Evaluates a data set of `shards` tiny shards on a cluster of this run's own and says what that took. */
export async function runShards(folder, shards, options) {
  const spec = writeSparse(folder, shards);
  const path = join(folder, `spec-${shards}.json`);
  writeFileSync(path, JSON.stringify(spec));
  options.say(`${shards} shards: locally`);
  const local = await command({}, ['eval', '--spec', path, '--json', '--threads', String(options.threads)]);
  const { redis, env, members } = await startCluster(folder, options);
  try {
    // Until what happens once, at the start, is over.
    await sleep(2000);
    const { digest, ...measured } = await measure(shards, path, { redis, env, members }, options.say);
    return { shards, ...measured, localSeconds: local.seconds, exact: digest === local.value.digest };
  } finally {
    // A profile is written at a regular end.
    await Promise.all(members.map((member) => end(member, options.profile ? 'SIGTERM' : 'SIGKILL')));
    await redis.stop();
    for (const [file] of Object.values(spec.data.arrays)) rmSync(file, { force: true });
  }
}

/** One coordinator, the first of the members, and workers. */
async function startCluster(folder, { workers, threads, profile }) {
  const redis = await startRedis(folder);
  const env = { LOSSMILL_REDIS: redis.url, LOSSMILL_DATA_ROOTS: folder, LOSSMILL_THREADS: String(threads) };
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [];
  const members = [await startMember('coordinator', env, flags)];
  for (let i = 0; i < workers; i++) members.push(await startMember('worker', env, flags));
  return { redis, env, members };
}

async function measure(shards, path, { redis, env, members }, say) {
  const before = await redis.info();
  const cpuBefore = members.map(cpuTime);
  const since = performance.now();
  const { id } = (await command(env, ['submit', '--spec', path, '--detach', '--json'])).value;
  const record = await ended(redis.client, id, (done) => say(`${shards} shards: ${done} counted`));
  const seconds = (performance.now() - since) / 1000;
  const after = await redis.info();
  const cpu = members.map((member, i) => cpuTime(member) - cpuBefore[i]);
  const commands = commandsBetween(before, after);
  return {
    redisPeakMB: (Number(after.used_memory_peak) - Number(before.used_memory)) / 2 ** 20,
    redisUs: ((cpuOf(after) - cpuOf(before)) * 1e6) / shards,
    redisBytes: (Number(after.total_net_input_bytes) - Number(before.total_net_input_bytes)) / shards,
    coordinatorMB: peakMemory(members[0]),
    coordinatorUs: (cpu[0] * 1e6) / shards,
    workerMB: Math.max(...members.slice(1).map(peakMemory)),
    workerUs: (cpu.slice(1).reduce((sum, one) => sum + one, 0) * 1e6) / shards,
    seconds,
    counted: Number(record.done),
    digest: (await command(env, ['result', id, '--json'])).value.digest,
    // Each commit writes its piece of the bitmap once.
    commits: commands.find(([name]) => name === 'setrange')?.[1] ?? 0,
    commands: commands.slice(0, 8),
  };
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
