import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lossmill } from './helpers/cli.js';

/** Files of this machine behind a web server that fails now and then: the command must not show it. */
let cwd: string;
let asked = 0;
let sent = 0;
const server = createServer((request, response) => {
  asked++;
  if (asked % 4 === 0) return void response.writeHead(503).end();
  const content = readFileSync(join(cwd, request.url ?? ''));
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const part = from === undefined ? content : content.subarray(Number(from), Number(to) + 1);
  const headers = { 'content-length': String(part.length), etag: `"${content.length}"` };
  const last = Number(from) + part.length - 1;
  sent += part.length;
  if (from === undefined) response.writeHead(200, headers).end(part);
  else response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${last}/${content.length}` }).end(part);
});
let url: string;
const rows = 300_000;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'lossmill-web-'));
  const db = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await db.connect();
  const columns = Array.from({ length: 8 }, (_, at) => `random() AS other${at}`).join(', ');
  const select = `SELECT sin(i) AS p, cos(i) AS y, 'g' || (i % 5) AS g, ${columns} FROM range(${rows}) t(i)`;
  await connection.run(`COPY (${select}) TO '${join(cwd, 't.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 50000)`);
  await connection.run(`COPY (SELECT p, y, g FROM '${join(cwd, 't.parquet')}') TO '${join(cwd, 't.csv')}' (HEADER)`);
  connection.closeSync();
  db.closeSync();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(cwd, { recursive: true, force: true });
});

const evaluate = async (file: string, ...flags: string[]) => {
  const args = ['eval', file, '--pred', 'p', '--target', 'y', '--loss', 'mse', '--by', 'g', '--json', ...flags];
  const { code, stdout, stderr } = await lossmill(args, { cwd, env: { LOSSMILL_REMOTE_BACKOFF_MS: '1' } });
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return JSON.parse(stdout);
};

it.each(['t.parquet', 't.csv'])('evaluates %s on the web as on the disk, with any number of threads', async (name) => {
  const near = await evaluate(name);
  const one = await evaluate(`${url}/${name}`, '--threads', '1');
  const three = await evaluate(`${url}/${name}`, '--threads', '3', '--shard-rows', '20480');
  // The worst rows name their source.
  expect(JSON.parse(JSON.stringify(one.losses).replaceAll(`${url}/`, ''))).toEqual(near.losses);
  expect(one.slices).toEqual(near.slices);
  expect(three.digest).toBe(one.digest);
  const [{ fingerprint, bytes }] = near.spec.sources;
  expect(one.spec.sources[0]).toMatchObject({ fingerprint, bytes, uri: `${url}/${name}` });
});

it('reads of a wide Parquet file only the columns it needs', async () => {
  sent = 0;
  const { run, spec } = await evaluate(`${url}/t.parquet`, '--threads', '1');
  // Three of eleven columns, and what describes and fingerprints the file.
  expect(sent).toBeLessThan(spec.sources[0].bytes / 2);
  expect(run.bytesRead).toBeLessThanOrEqual(sent);
  expect(run.bytesRead).toBeGreaterThan(0);
});

it('verifies a report of a remote file', async () => {
  const report = await evaluate(`${url}/t.csv`);
  writeFileSync(join(cwd, 'report.json'), JSON.stringify(report));
  const { code, stderr } = await lossmill(['verify', 'report.json'], { cwd, env: { LOSSMILL_REMOTE_BACKOFF_MS: '1' } });
  expect([code, stderr]).toEqual([0, '']);
});
