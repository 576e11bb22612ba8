export { runCoordinator, runWorker } from './run.js';
