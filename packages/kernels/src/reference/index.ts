export * from './loss/mse.js';
