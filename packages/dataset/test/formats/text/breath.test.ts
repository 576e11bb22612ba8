import { describe, expect, it } from 'vitest';
import { createCsv } from '../../../src/formats/csv.js';
import { createJsonl } from '../../../src/formats/jsonl.js';
import { described, fileOf } from '../one-file.js';

describe('describing a large text file', () => {
  it.each([
    ['csv', createCsv, `a,b\n${'1,2\n'.repeat(9_000_000)}`],
    ['jsonl', createJsonl, '{"a":1,"b":2}\n'.repeat(2_600_000)],
  ])('lets other tasks of the thread run: %s', async (name, create, content) => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await described(await create(), fileOf(`large.${name}`, content));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });

  it.each([
    ['csv', createCsv, `a,b\n${'1,2\n'.repeat(9_000_000)}`],
    ['jsonl', createJsonl, '{"a":1,"b":2}\n'.repeat(2_600_000)],
  ])('ends when it is aborted: %s', async (name, create, content) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 1);
    const format = await create();
    await expect(format.describe(fileOf(`aborted.${name}`, content), { signal: controller.signal })).rejects.toThrow(
      'enough',
    );
  });
});
