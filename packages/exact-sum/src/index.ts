export { type ExactSumFormatCode, ExactSumFormatError } from './errors.js';
export { ExactSum } from './exact-sum.js';
export { ACCUMULATOR_BYTES } from './layout.js';
