import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from 'lossmill';
import { SHARD_ROWS, writeData } from '../data.mjs';
import { expectExact } from '../invariants.mjs';
import { WebServer } from '../web-server.mjs';

const FAULTS = { unavailable: 0.3, torn: 0.1, reset: 0.05, whole: 0.05 };

/** Files on other machines. */
export const sources = [
  {
    name: 'source-flaps',
    // Its processes are started once it is known what they may read.
    cluster: { workers: 0, coordinators: 0 },
    settings: { LOSSMILL_REMOTE_BACKOFF_MS: '1', LOSSMILL_REMOTE_RETRIES: '12' },
    play: sourceFlaps,
  },
];

/** Nearly every second request fails, bodies break off, ranges are ignored: the numbers are those of a calm server. */
async function sourceFlaps({ cluster, random }) {
  const folder = join(cluster.folder, 'data');
  const server = new WebServer(folder, random);
  await server.start();
  try {
    const loads = [arrays(folder, server.url, 80), csv(folder, server.url, 20, random)];
    for (const load of loads) load.digest = (await evaluate(load.spec, { threads: 1 })).digest;
    cluster.env.LOSSMILL_ALLOWED_URLS = server.url;
    for (const role of ['coordinator', 'worker', 'worker']) cluster.keep(role);
    server.faults = FAULTS;
    server.requests = 0;
    const ends = await Promise.all(
      loads.map(async (load) => {
        const id = await cluster.submit(load.spec);
        return expectExact(cluster, id, load, await cluster.end(id));
      }),
    );
    const again = ends.reduce((sum, { retried }) => sum + retried, 0);
    const { counts, requests } = server;
    for (const name of Object.keys(FAULTS)) assert.ok(counts[name] > 0, `no request was ${name}`);
    return `${requests} requests, ${JSON.stringify(counts)}, ${again} shards retried`;
  } finally {
    server.stop();
  }
}

function arrays(folder, url, shards) {
  const spec = writeData(folder, 'web', shards, 4);
  const data = { arrays: { p: [`${url}/web-p.npy`], y: [`${url}/web-y.npy`] } };
  return { shards, spec: { ...spec, data } };
}

function csv(folder, url, shards, { next }) {
  const lines = Array.from({ length: shards * SHARD_ROWS }, (_, row) => `${next()},${next()},g${row % 7}`);
  writeFileSync(join(folder, 'web.csv'), `p,y,g\n${lines.join('\n')}\n`);
  const columns = { prediction: 'p', target: 'y' };
  const losses = ['mse', 'mae'];
  const data = { files: [`${url}/web.csv`] };
  return { shards, spec: { version: 1, data, columns, losses, slices: ['g'], shard: { rows: SHARD_ROWS } } };
}
