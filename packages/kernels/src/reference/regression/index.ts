export * from './gaussian.js';
export * from './log-means.js';
export * from './means.js';
export * from './ratios.js';
export * from './residuals.js';
