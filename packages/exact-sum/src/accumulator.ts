import { ACCUMULATOR_FLAGS_OFFSET, DIGITS, FLAG_MASK } from './layout.js';

/** Copies the carried digits of a wasm accumulator into `digits` and returns its flags. */
export function readAccumulator(accumulator: Uint8Array, digits: Float64Array): number {
  const view = new DataView(accumulator.buffer, accumulator.byteOffset, accumulator.byteLength);
  for (let i = 0; i < DIGITS - 1; i++) digits[i] = view.getUint32(8 * i, true);
  digits[DIGITS - 1] = view.getInt32(8 * (DIGITS - 1), true);
  return view.getInt32(ACCUMULATOR_FLAGS_OFFSET, true) & FLAG_MASK;
}
