export type { ClassificationExports } from './classification-exports.js';
export { exp, log } from './elementary.js';
export type { ExactExports } from './exact-exports.js';
export { KernelMemory } from './memory.js';
export { readExactSum } from './read-exact-sum.js';
export * as reference from './reference/index.js';
export type { RegressionExports } from './regression-exports.js';
export type { RowExports } from './row-exports.js';
export { createKernels, type KernelExports, type KernelOptions, type Kernels } from './wasm.js';
