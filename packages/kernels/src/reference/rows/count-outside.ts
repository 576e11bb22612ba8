/** How many of n values are not within [low, high]; NaN is not. */
export function count_outside_f64(x: Float64Array, n: number, low: number, high: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (!(x[i] >= low && x[i] <= high)) count++;
  return count;
}

/** How many of n values are not within [float32(low), float32(high)]; NaN is not. */
export function count_outside_f32(x: Float32Array, n: number, low: number, high: number): number {
  const bottom = Math.fround(low);
  const top = Math.fround(high);
  let count = 0;
  for (let i = 0; i < n; i++) if (!(x[i] >= bottom && x[i] <= top)) count++;
  return count;
}
