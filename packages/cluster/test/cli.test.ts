import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvSpec, type TestCluster, testCluster } from './helpers/cluster.js';

const BIN = fileURLToPath(new URL('../../../apps/cli/bin/lossmill.js', import.meta.url));

let cluster: TestCluster;
const children: ReturnType<typeof spawn>[] = [];

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

function lossmill(args: string[], more: NodeJS.ProcessEnv = { LOSSMILL_REDIS: cluster.url }): Promise<Ran> {
  const env = { ...process.env, LOSSMILL_REDIS: '', ...more };
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], { cwd: cluster.folder, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

async function start(role: string): Promise<void> {
  const child = spawn(process.execPath, [BIN, role, '--redis', cluster.url], {
    cwd: cluster.folder,
    env: { ...process.env, LOSSMILL_REDIS: '', LOSSMILL_DATA_ROOTS: cluster.folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
}

const QUESTION = ['rows-[01].csv', '--pred', 'p', '--target', 'y', '--loss', 'mae', '--by', 'g'];

beforeAll(async () => {
  cluster = await testCluster();
  csvSpec(cluster.folder, 3000);
  csvSpec(cluster.folder, 3000, [5]);
  await Promise.all([start('coordinator'), start('worker')]);
});

afterAll(async () => {
  const ends = children.map(async (child) => {
    child.kill('SIGTERM');
    return (await once(child, 'exit'))[0];
  });
  expect(await Promise.all(ends)).toEqual([0, 0]);
  await cluster.stop();
});

describe('lossmill on a cluster', () => {
  it('evaluates with the output of this machine', async () => {
    const here = await lossmill(['eval', ...QUESTION, '--shard-rows', '512', '--json'], {});
    const there = await lossmill(['eval', ...QUESTION, '--shard-rows', '512', '--json']);
    expect([here.code, there.code]).toEqual([0, 0]);
    const { run, ...local } = JSON.parse(here.stdout);
    const { run: far, ...remote } = JSON.parse(there.stdout);
    expect(remote).toEqual(local);
    expect(far.shards).toMatchObject({ planned: 12, counted: 12 });
    const table = await lossmill(['eval', ...QUESTION]);
    const first = (text: string) => text.split('\n').find((line) => line.includes('digest'));
    expect(first(table.stdout)).toBe(first((await lossmill(['eval', ...QUESTION], {})).stdout));
    expect((await lossmill(['eval', ...QUESTION, '--fail-above', '0'])).code).toBe(1);
  });

  it('says the errors of this machine', async () => {
    for (const args of [
      ['rows-bad-*.csv', '--pred', 'p', '--target', 'y', '--loss', 'mae'],
      ['rows-0.csv', '--pred', 'nope', '--target', 'y', '--loss', 'mae'],
      ['absent.csv', '--pred', 'p', '--target', 'y', '--loss', 'mae'],
    ]) {
      const here = await lossmill(['eval', ...args], {});
      const there = await lossmill(['eval', ...args]);
      // A slow run writes how far it is before.
      expect(there).toEqual({ ...here, stderr: expect.stringContaining(here.stderr) });
      expect(there.code).toBe(2);
    }
    const written = await lossmill(['eval', ...QUESTION, '--row-losses', '/etc/lossmill']);
    expect(written).toMatchObject({ code: 2, stderr: expect.stringContaining('the cluster may write') });
    const outside = await lossmill(['submit', '/etc/passwd', '--format', 'csv', ...QUESTION.slice(1)]);
    expect(outside).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('/etc/passwd is not in a folder'),
    });
  });

  it('writes row losses and gradients like this machine', async () => {
    const outputs = (folder: string) => ['--row-losses', folder, '--gradient', folder, '--loss', 'mse'];
    const here = await lossmill(['eval', ...QUESTION, ...outputs('near'), '--json'], {});
    const there = await lossmill(['eval', ...QUESTION, ...outputs('far'), '--json']);
    expect([here.code, there.code, there.stderr]).toEqual([0, 0, '']);
    const names = ['mae.gradient.npy', 'mae.losses.npy', 'mse.gradient.npy', 'mse.losses.npy'];
    const { run } = JSON.parse(there.stdout);
    expect([...run.outputs.rows, ...run.outputs.gradient].sort()).toEqual(names.map((name) => join('far', name)));
    const submitted = await lossmill(['submit', ...QUESTION, ...outputs('later'), '--detach', '--json']);
    expect((await lossmill(['watch', JSON.parse(submitted.stdout).id])).stdout).toContain('done');
    const read = (folder: string, name: string) => readFileSync(join(cluster.folder, folder, name)).toString('base64');
    for (const name of names)
      expect([read('far', name), read('later', name)]).toEqual([read('near', name), read('near', name)]);
  });

  it('submits, follows, shows and lists', async () => {
    const submitted = await lossmill(['submit', ...QUESTION]);
    expect(submitted.stdout).toMatch(
      /^[0-9a-f]{4}\w* {2}(running|reducing|done) · \d files?, \d+ k?B, 6,000 rows · 1 shard {5}lossmill watch [0-9a-f]{4}/,
    );
    const id = submitted.stdout.split(' ')[0];
    const watched = await lossmill(['watch', id]);
    expect(watched.stdout).toMatch(/done +100 % {2}1\/1 shards/);
    const status = JSON.parse((await lossmill(['status', id, '--json'])).stdout);
    expect(status).toMatchObject({
      state: 'done',
      progress: 1,
      shards: { planned: 1, counted: 1, failed: 0 },
      workers: 1,
    });
    const result = await lossmill(['result', id, '--out', 'r.json', '--json']);
    expect(JSON.parse(readFileSync(join(cluster.folder, 'r.json'), 'utf8'))).toEqual(JSON.parse(result.stdout));
    expect((await lossmill(['verify', 'r.json'], {})).code).toBe(0);
    const { evaluations } = JSON.parse((await lossmill(['list', '--json'])).stdout);
    expect(evaluations.map((one: { id: string }) => one.id)).toContain(status.id);
    expect(await lossmill(['cancel', id])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing to cancel'),
    });
    expect(await lossmill(['retry', id])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing to retry'),
    });
  });

  it('submits the same once where the key says so, and at once where it is told to detach', async () => {
    const submit = async () =>
      JSON.parse((await lossmill(['submit', ...QUESTION, '--detach', '--json', '--idempotency-key', 'k'])).stdout).id;
    expect(await submit()).toBe(await submit());
  });
});
