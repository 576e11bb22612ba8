import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataRoots } from '@lossmill/cluster';
import { expect, it } from 'vitest';
import { planSubmission } from '../src/planning.js';
import { arraysSpec } from './helpers/cluster.js';

it('refuses a plan of more shards than are allowed, and says how large they must be', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lossmill-planning-'));
  const spec = arraysSpec(folder, 10_000, { shard: { rows: 256 } });
  const roots = new DataRoots([folder]);
  const plan = (mostShards: number) => planSubmission({ spec }, roots, { mostShards, mark: 'm' });
  expect((await plan(40)).shards).toBe(40);
  await expect(plan(39)).rejects.toMatchObject({
    code: 'TOO_MANY_SHARDS',
    message: expect.stringMatching(/10,000 rows in shards of 256 are 40 shards, but at most 39 .*at least 257/),
  });
  rmSync(folder, { recursive: true });
});
