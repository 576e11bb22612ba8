export * from './log-f32';
export * from './log-f64';
