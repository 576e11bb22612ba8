// Derivatives of the row losses by the prediction, unweighted.

/** Math.sign without its -0. */
function signOf(e: number): number {
  return Math.sign(e) + 0;
}

function held(e: number, delta: number): number {
  return Math.max(-delta, Math.min(e, delta));
}

/** g[i] = 1, NaN where the error is NaN. */
export function error_gradient_f64(p: Float64Array, y: Float64Array, n: number, g: Float64Array): void {
  for (let i = 0; i < n; i++) g[i] = Number.isNaN(p[i] - y[i]) ? Number.NaN : 1;
}

/** g[i] = 2 * (p[i] - y[i]). */
export function mse_gradient_f64(p: Float64Array, y: Float64Array, n: number, g: Float64Array): void {
  for (let i = 0; i < n; i++) g[i] = 2 * (p[i] - y[i]);
}

/** g[i] = the sign of p[i] - y[i], +0 where that is 0. */
export function mae_gradient_f64(p: Float64Array, y: Float64Array, n: number, g: Float64Array): void {
  for (let i = 0; i < n; i++) g[i] = signOf(p[i] - y[i]);
}

/** g[i] = p[i] - y[i], held within +-delta. */
export function huber_gradient_f64(p: Float64Array, y: Float64Array, n: number, delta: number, g: Float64Array): void {
  for (let i = 0; i < n; i++) g[i] = held(p[i] - y[i], delta);
}

/** g[i] = 1, NaN where the error is NaN. */
export function error_gradient_f32(p: Float32Array, y: Float32Array, n: number, g: Float32Array): void {
  for (let i = 0; i < n; i++) g[i] = Number.isNaN(p[i] - y[i]) ? Number.NaN : 1;
}

/** g[i] = 2 * (e) of e = float32(p[i] - y[i]). */
export function mse_gradient_f32(p: Float32Array, y: Float32Array, n: number, g: Float32Array): void {
  for (let i = 0; i < n; i++) g[i] = 2 * Math.fround(p[i] - y[i]);
}

/** g[i] = the sign of e, +0 where that is 0. */
export function mae_gradient_f32(p: Float32Array, y: Float32Array, n: number, g: Float32Array): void {
  for (let i = 0; i < n; i++) g[i] = signOf(Math.fround(p[i] - y[i]));
}

/** g[i] = e, held within +-float32(delta). */
export function huber_gradient_f32(p: Float32Array, y: Float32Array, n: number, delta: number, g: Float32Array): void {
  for (let i = 0; i < n; i++) g[i] = held(Math.fround(p[i] - y[i]), Math.fround(delta));
}
