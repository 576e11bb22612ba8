/** How many of n values are not whole numbers within [low, high]; NaN is not. */
export function count_not_whole_f64(x: Float64Array, n: number, low: number, high: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (!(x[i] >= low && x[i] <= high && Math.trunc(x[i]) === x[i])) count++;
  return count;
}

/** As `count_not_whole_f64`, the bounds rounded to float32. */
export function count_not_whole_f32(x: Float32Array, n: number, low: number, high: number): number {
  let count = 0;
  const [bottom, top] = [Math.fround(low), Math.fround(high)];
  for (let i = 0; i < n; i++) if (!(x[i] >= bottom && x[i] <= top && Math.trunc(x[i]) === x[i])) count++;
  return count;
}
