import { reference } from '@lossmill/kernels';

/** e^x and ln x with the kernels' own bits: a report must not hang on the engine's. */
export const exp = reference.exp_f64;
export const log = reference.log_f64;
