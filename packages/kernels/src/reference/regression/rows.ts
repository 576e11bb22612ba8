export type Numbers = Float32Array | Float64Array;

/** out[i] = of(e) with e = p[i] - y[i], rounded once in the type of p. */
export function eachError(p: Numbers, y: Numbers, n: number, out: Numbers, of: (e: number) => number): void {
  const single = p instanceof Float32Array;
  for (let i = 0; i < n; i++) out[i] = of(single ? Math.fround(p[i] - y[i]) : p[i] - y[i]);
}

/** out[i] = of(p[i], y[i]), in float64. */
export function eachPair(p: Numbers, y: Numbers, n: number, out: Numbers, of: (p: number, y: number) => number): void {
  for (let i = 0; i < n; i++) out[i] = of(p[i], y[i]);
}

/** `size` with the sign of e, +0 where that is 0; NaN stays. */
export function signed(size: number, e: number): number {
  return e > 0 ? size : e < 0 ? -size : e + 0;
}
