import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { prepare } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'lossmill-wide-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An array without rows: its width is whatever its header claims. */
function write(name: string, dtype: string, shape: string): string {
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117);
  const path = join(folder, name);
  writeFileSync(path, Buffer.from(`\x93NUMPY\x01\x00\x76\x00${text}\n`, 'latin1'));
  return path;
}

const spec = (width: number) => ({
  version: 1,
  data: { arrays: { z: [write('z.npy', '<f4', `0, ${width}`)], k: [write('k.npy', '<i8', '0,')] } },
  columns: { prediction: 'z', target: 'k' },
  losses: ['cross_entropy'],
});

it.each([200_000_000, 10 ** 12])('refuses rows of %i predictions, which no thread could hold', async (width) => {
  await expect(prepare(spec(width))).rejects.toMatchObject({
    code: 'LIMIT_EXCEEDED',
    message: expect.stringMatching(
      /^columns\.prediction: "z" has \d+ values a row; at most 134217728 can be evaluated/,
    ),
  });
});

it('counts the gradient', async () => {
  await expect(prepare({ ...spec(100_000_000), gradient: 'norms' })).rejects.toThrow(
    /at most 67108864 .* with their gradient/,
  );
});

it('takes a large vocabulary', async () => {
  const { dataset, plan } = await prepare(spec(128_256));
  expect(plan.spec.classes).toBe(128_256);
  await dataset.close();
});
