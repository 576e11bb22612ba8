export * from './exp-f32';
export * from './exp-f64';
