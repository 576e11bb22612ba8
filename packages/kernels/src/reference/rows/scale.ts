/** g[i * width + k] *= w[i]; a weight of 0 makes it +0 whatever it was. */
export function scale_rows_f64(g: Float64Array, w: Float64Array, rows: number, width: number): void {
  scale(g, w, rows, width);
}

/** As scale_rows_f64, multiplied in float64 and rounded once to float32. */
export function scale_rows_f32(g: Float32Array, w: Float64Array, rows: number, width: number): void {
  scale(g, w, rows, width);
}

function scale(g: Float64Array | Float32Array, w: Float64Array, rows: number, width: number): void {
  for (let i = 0; i < rows; i++) {
    for (let at = i * width; at < (i + 1) * width; at++) g[at] = w[i] === 0 ? 0 : g[at] * w[i];
  }
}
