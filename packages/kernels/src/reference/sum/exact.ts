import type { ExactSum } from '@lossmill/exact-sum';

/** Adds n values to the accumulator, exactly. */
export function exact_add_f64(acc: ExactSum, x: Float64Array, n: number): void {
  acc.addArray(x, n);
}

/** Adds the exact real products w[i] * x[i]. */
export function exact_add_products_f64(acc: ExactSum, w: Float64Array, x: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) acc.addProduct(w[i], x[i]);
}
