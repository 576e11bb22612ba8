export type { Dyadic } from './dyadic.js';
export * as dyadic from './dyadic.js';
export { type ExactSumFormatCode, ExactSumFormatError } from './errors.js';
export { ExactSum } from './exact-sum.js';
export { ACCUMULATOR_BYTES } from './layout.js';
