import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeParquetPair, writeTiled } from './data.mjs';
import { command, end, startMember } from './processes.mjs';
import { startRedis } from './redis.mjs';

const MILLION = 2 ** 20;

/** The data sets: [name, writer of its spec]. */
const SETS = {
  'npy small': (folder) => writeTiled(folder, 16 * MILLION),
  'npy large': (folder) => writeTiled(folder, 288 * MILLION),
  parquet: (folder) => writeParquetPair(folder, 40 * MILLION),
};

/** Threads in all are the same everywhere. */
const THREADS = 2;
const FLEETS = { '1 worker, 2 threads': [1, 2], '2 workers, 1 thread': [2, 1] };

/**
 * Evaluates the same files locally and on clusters in turn, `rounds` times after one that warms up. Each time is a whole command's,
 * beside the seconds its report states. Returns a row for each set and fleet.
 */
export async function runThroughput(folder, rounds, only, say) {
  const clusters = [];
  for (const [name, [workers, threads]] of Object.entries(FLEETS))
    clusters.push({ name, ...(await startCluster(folder, workers, threads)) });
  const rows = [];
  try {
    for (const [name, write] of Object.entries(SETS).filter(([set]) => set.includes(only))) {
      say(`${name}: writing`);
      const { spec, bytes, files } = await write(folder);
      const path = join(folder, 'spec.json');
      writeFileSync(path, JSON.stringify(spec));
      const samples = { local: [], ...Object.fromEntries(clusters.map((cluster) => [cluster.name, []])) };
      for (let round = 0; round <= rounds; round++) {
        say(`${name}: round ${round} of ${rounds}`);
        const local = await evaluate({}, ['--threads', String(THREADS)], path);
        if (round > 0) samples.local.push(local);
        for (const cluster of clusters) {
          const sample = await evaluate(cluster.env, ['--redis', cluster.env.LOSSMILL_REDIS], path);
          if (sample.digest !== local.digest) throw new Error(`${name}, ${cluster.name}: another digest`);
          if (round > 0) samples[cluster.name].push(sample);
        }
      }
      for (const cluster of clusters) rows.push(rowOf(name, bytes, cluster.name, samples));
      for (const file of files) rmSync(file);
    }
  } finally {
    for (const { stop } of clusters) await stop();
  }
  return rows;
}

async function startCluster(folder, workers, threads) {
  const redis = await startRedis(folder);
  const env = { LOSSMILL_REDIS: redis.url, LOSSMILL_DATA_ROOTS: folder, LOSSMILL_THREADS: String(threads) };
  const members = [await startMember('coordinator', env)];
  for (let i = 0; i < workers; i++) members.push(await startMember('worker', env));
  // Until all have said that they are there.
  await sleep(1500);
  const stop = async () => {
    await Promise.all(members.map((member) => end(member, 'SIGKILL')));
    await redis.stop();
  };
  return { env, stop };
}

async function evaluate(env, flags, path) {
  const { value, seconds } = await command(env, ['eval', '--spec', path, '--json', ...flags]);
  return { digest: value.digest, total: seconds, run: value.run.seconds };
}

const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

function rowOf(set, bytes, fleet, samples) {
  const row = { set, bytes, fleet };
  for (const what of ['run', 'total']) {
    const local = samples.local.map((sample) => sample[what]);
    const cluster = samples[fleet].map((sample) => sample[what]);
    const ratios = cluster.map((seconds, round) => seconds / local[round]);
    row[what] = {
      local: median(local),
      cluster: median(cluster),
      bestLocal: Math.min(...local),
      bestCluster: Math.min(...cluster),
      ratio: median(ratios),
      least: Math.min(...ratios),
      most: Math.max(...ratios),
    };
  }
  return row;
}
