import { gzipSync } from 'node:zlib';
import type { WritingPlan } from '@lossmill/pool';
import { expect, it } from 'vitest';
import { packPlan, unpackPlan } from '../src/packed-plan.js';

function planOf(files: number): WritingPlan {
  const sources = Array.from({ length: files }, (_, i) => ({ path: `/data/part-${i}.parquet`, uri: `part-${i}` }));
  const description = { rows: 1000, columns: [], sources };
  const handle = { description, tables: [{ data: { files: sources } }] };
  return { version: 1, spec: {}, handle, rows: 1000, shardRows: 256, shards: 4 } as unknown as WritingPlan;
}

it('keeps a plan of few files as JSON and packs one of many', async () => {
  const few = await packPlan(planOf(2));
  expect(JSON.parse(few.toString())).toEqual(planOf(2));
  expect(await unpackPlan(few)).toEqual(planOf(2));
  const many = await packPlan(planOf(5000));
  expect(many.length * 5).toBeLessThan(JSON.stringify(planOf(5000)).length);
  expect(await unpackPlan(many)).toEqual(planOf(5000));
});

it('refuses what is no plan', async () => {
  const torn = (await packPlan(planOf(5000))).subarray(0, 1000);
  for (const bytes of [
    torn,
    Buffer.of(0x1f),
    Buffer.from('{'),
    Buffer.alloc(0),
    gzipSync('[]'),
    gzipSync('{"version":2}'),
  ])
    await expect(unpackPlan(bytes)).rejects.toMatchObject({ code: 'PLAN_INVALID' });
});
