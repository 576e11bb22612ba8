export type { ClassificationExports } from './classification-exports.js';
export { KernelMemory } from './memory.js';
export * as reference from './reference/index.js';
export type { RegressionExports } from './regression-exports.js';
export { createKernels, type KernelExports, type KernelOptions, type Kernels } from './wasm.js';
