import { ACCUMULATOR_BYTES, ExactSum } from '@lossmill/exact-sum';
import type { Kernels } from './wasm.js';

/** The accumulator at `acc` as an ExactSum of its own; the accumulator stays and can go on. */
export function readExactSum(kernels: Kernels, acc: number): ExactSum {
  kernels.exports.exact_normalize(acc);
  return ExactSum.fromAccumulator(kernels.memory.u8(acc, ACCUMULATOR_BYTES));
}
