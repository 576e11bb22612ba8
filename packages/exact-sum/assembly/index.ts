export {
  ACC_BYTES,
  FUSED_PENALTY,
  FUSED_SKIP,
  FUSED_WINDOW,
  VALUES_WINDOW,
  addInteger,
  addValue,
  exact_normalize,
  exact_reset,
} from './accumulator';
export { exact_add_products_f64 } from './products';
export { BLOCK, addBlock, exact_add_f64, fits, floatSum, laneSum, start } from './window';
