export { exact_add_f64, exact_add_products_f64, exact_normalize, exact_reset } from '@lossmill/exact-sum/assembly';
export * from './heap';
export * from './loss/error';
export * from './loss/huber';
export * from './loss/mae';
export * from './loss/mse';
export * from './sum/fused-f32';
export * from './sum/fused-f64';
