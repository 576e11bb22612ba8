import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ClusterClient,
  ClusterWorker,
  Coordinator,
  DataRoots,
  type Log,
  type Settings,
  settingsOf,
} from '@lossmill/cluster';
import { createNpyFile } from '@lossmill/dataset';
import type { Spec } from '@lossmill/evaluation';
import { type RedisOptions, type RedisServer, startRedis } from './redis.js';

/** Quick enough for tests, slow enough for two busy processors. */
const QUICK: Partial<Settings> = {
  lockMs: 3000,
  stalledMs: 1000,
  reconcileMs: 1500,
  backoffMs: 50,
  attempts: 3,
  threads: 2,
};

export interface TestCluster {
  server: RedisServer;
  url: string;
  folder: string;
  settings: Settings;
  client: ClusterClient;
  /** @param log where its processes say what they do */
  start(log?: Log): Promise<void>;
  options(more?: Partial<Settings>): { redis: string; settings: Settings; roots: DataRoots };
  stop(): Promise<void>;
}

/**
 * A Redis, a folder for data that the cluster may read, and, after `start`, one coordinator and one worker in this process.
 * @param urls prefixes of URLs that it may read
 */
export async function testCluster(
  more: Partial<Settings> = {},
  redis: RedisOptions = {},
  urls: readonly string[] = [],
): Promise<TestCluster> {
  const server = await startRedis(redis);
  const folder = mkdtempSync(join(tmpdir(), 'lossmill-cluster-'));
  const settings = { ...settingsOf({}), ...QUICK, ...more };
  const options = (own: Partial<Settings> = {}) => ({
    redis: server.url,
    settings: { ...settings, ...own },
    roots: new DataRoots([folder], urls),
  });
  const client = await ClusterClient.connect(server.url, settings);
  const processes: { close(): Promise<void> }[] = [];
  return {
    server,
    url: server.url,
    folder,
    settings,
    client,
    options,
    start: async (log) => {
      const own = { ...options(), log };
      processes.push(await Coordinator.start(own), await ClusterWorker.start(own));
    },
    stop: async () => {
      await Promise.all(processes.map((process) => process.close()));
      await client.close();
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function writeNpy(path: string, values: Float32Array): string {
  const file = createNpyFile(path, 'f4', [values.length]);
  file.write(0, values);
  file.finish();
  return path;
}

const prediction = (i: number): number => Math.sin(i) * 10 ** (i % 5);
const target = (i: number): number => Math.cos(i / 3);

/** A spec over two .npy files of so many rows. */
export function arraysSpec(folder: string, rows: number, more: Partial<Spec> = {}): Spec {
  const p = writeNpy(
    join(folder, `p${rows}.npy`),
    Float32Array.from({ length: rows }, (_, i) => prediction(i)),
  );
  const y = writeNpy(
    join(folder, `y${rows}.npy`),
    Float32Array.from({ length: rows }, (_, i) => target(i)),
  );
  return {
    version: 1,
    data: { arrays: { p: [p], y: [y] } },
    columns: { prediction: 'p', target: 'y' },
    losses: ['mse', 'mae'],
    shard: { rows: 1024 },
    ...more,
  };
}

/** A spec over CSV files of so many rows each, sliced; rows of `bad` have no number. */
export function csvSpec(folder: string, rows: number, bad: readonly number[] = [], more: Partial<Spec> = {}): Spec {
  const name = `rows${bad.length > 0 ? '-bad' : ''}`;
  for (const part of [0, 1]) {
    const lines = Array.from({ length: rows }, (_, i) => {
      const row = part * rows + i;
      return `${bad.includes(row) ? '' : prediction(row)},${target(row)},group ${row % 7}`;
    });
    writeFileSync(join(folder, `${name}-${part}.csv`), `p,y,g\n${lines.join('\n')}\n`);
  }
  return {
    version: 1,
    data: { files: [join(folder, `${name}-[01].csv`)] },
    columns: { prediction: 'p', target: 'y' },
    losses: ['mae', 'huber'],
    slices: ['g'],
    shard: { rows: 512 },
    ...more,
  };
}
