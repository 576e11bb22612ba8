// Every loss of real targets but error, mse, mae and huber.
export * from './gaussian';
export * from './log-means';
export * from './log-means-gradient';
export * from './means';
export * from './means-gradient';
export * from './ratios';
export * from './ratios-gradient';
export * from './residuals';
export * from './residuals-gradient';
