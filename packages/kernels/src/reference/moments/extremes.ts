export interface Extremes {
  min: number;
  max: number;
}

/** Smallest and largest value of a block: both NaN if any value is, never -0. */
export function extremesOf(x: Float64Array): Extremes {
  let min = x[0];
  let max = x[0];
  for (const value of x) {
    if (Number.isNaN(value)) return { min: Number.NaN, max: Number.NaN };
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min: min + 0, max: max + 0 };
}
