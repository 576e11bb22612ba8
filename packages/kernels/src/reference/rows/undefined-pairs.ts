/** 1 if any of n differences p[i] - y[i] is NaN, else 0. */
export function undefined_pairs_f64(p: Float64Array, y: Float64Array, n: number): number {
  for (let i = 0; i < n; i++) if (Number.isNaN(p[i] - y[i])) return 1;
  return 0;
}

/** As undefined_pairs_f64 of float32: a difference beyond float32's range is infinite, not NaN, in either type. */
export function undefined_pairs_f32(p: Float32Array, y: Float32Array, n: number): number {
  for (let i = 0; i < n; i++) if (Number.isNaN(p[i] - y[i])) return 1;
  return 0;
}
