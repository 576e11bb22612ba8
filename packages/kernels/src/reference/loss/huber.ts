// With a = |e| and q = min(a, delta): q * (a - q / 2), which is a^2 / 2 up to delta and delta * (a - delta / 2) above.

function huberValue(a: number, delta: number): number {
  const q = Math.min(a, delta);
  return q * (a - 0.5 * q);
}

/** Huber loss of p[i] - y[i] with 0 < delta <= Infinity. */
export function huber_f64(p: Float64Array, y: Float64Array, n: number, delta: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = huberValue(Math.abs(p[i] - y[i]), delta);
}

const f = Math.fround;

/** Is the loss of a float32 error of this size computed in float32, where every step then stays normal? */
function isSingle(a: number, delta: number): boolean {
  return delta >= 2 ** -40 && delta <= 2 ** 40 && (a === 0 || (a >= 2 ** -40 && a < 2 ** 60));
}

/** Huber loss of e = float32(p[i] - y[i]): in float32 where that is safe, else in float64. */
export function huber_f32(p: Float32Array, y: Float32Array, n: number, delta: number, out: Float64Array): void {
  const limit = f(delta);
  for (let i = 0; i < n; i++) {
    const a = Math.abs(f(p[i] - y[i]));
    if (isSingle(a, delta)) {
      const q = limit < a ? limit : a;
      out[i] = f(q * f(a - f(0.5 * q)));
    } else out[i] = huberValue(a, delta);
  }
}
