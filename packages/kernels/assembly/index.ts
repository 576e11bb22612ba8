export * from './heap';
export * from './loss/mse';
