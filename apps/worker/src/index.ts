export { OBSERVATION_SETTINGS, type Observation, observationOf } from './observation.js';
export { type RunOptions, runCoordinator, runWorker } from './run.js';
