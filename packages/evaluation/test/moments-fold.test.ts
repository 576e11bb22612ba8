import { createKernels } from '@lossmill/kernels';
import { mergeMoments, NODE } from '@lossmill/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const RECORD = 10;
const kernels = createKernels();
const pointer = kernels.memory.allocate(32 * RECORD * 8);

/** What the kernel makes of the first node, and what the same merges make of it in TypeScript. */
function both(records: Float64Array): { kernel: Float64Array; twin: Float64Array } {
  const blocks = records.length / RECORD;
  kernels.memory.f64(pointer, records.length).set(records);
  kernels.exports.moments_fold_f64(pointer, blocks);
  const twin = records.slice();
  for (let step = 1; step < blocks; step *= 2) {
    for (let b = 0; b < blocks; b += 2 * step) mergeMoments(twin, b * RECORD, twin, (b + step) * RECORD);
  }
  return { kernel: kernels.memory.f64(pointer, NODE).slice(), twin: twin.slice(0, NODE) };
}

/** Blocks without rows, with rows but no weight, and with any numbers, the odd ones included. */
const record = fc
  .tuple(
    fc.constantFrom('empty', 'weightless', 'plain', 'plain', 'plain'),
    fc.array(fc.double(), { minLength: 9, maxLength: 9 }),
  )
  .map(([kind, numbers]) => {
    if (kind === 'empty') return new Array<number>(RECORD).fill(0);
    return [
      1 + (Math.abs(numbers[0] || 0) % 256),
      kind === 'weightless' ? 0 : Math.abs(numbers[0]),
      ...numbers.slice(1),
    ];
  });

describe('the fold of block records', () => {
  it('gives the bits of mergeMoments, for any nodes and any power of two of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), fc.array(record, { minLength: 16, maxLength: 16 }), (level, rows) => {
        const { kernel, twin } = both(Float64Array.from(rows.slice(0, 2 ** level).flat()));
        expect(kernel).toEqual(twin);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the bits of mergeMoments for the records of real rows', () => {
    const at = kernels.memory.allocate(4096 * 8);
    const rows = kernels.memory.f64(at, 4096);
    for (let i = 0; i < rows.length; i++) rows[i] = 1e9 + ((i * 7919) % 104_729) / 1000;
    kernels.exports.moments_f64(at, rows.length, pointer);
    const { kernel, twin } = both(kernels.memory.f64(pointer, 16 * RECORD).slice());
    expect(kernel).toEqual(twin);
    expect(kernel[0]).toBe(4096);
  });
});
