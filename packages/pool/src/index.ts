export { type EvaluateOptions, evaluate, planOf } from './evaluate.js';
export type { Progress, RunOptions } from './types.js';
export { VERSION } from './version.js';
