export { type EvaluateOptions, evaluate, planOf } from './evaluate.js';
export { failpoint } from './failpoint.js';
export { ProcessDied, runAlone } from './shard-alone.js';
export { type PoolPlan, ShardPool, type ShardResult } from './shard-pool.js';
export type { ShardRun } from './shard-pool-types.js';
export type { Progress, RunOptions } from './types.js';
export { VERSION } from './version.js';
