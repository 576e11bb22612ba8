/** out[k * rows + i] = x[i * width + k]: rows of `width` numbers to columns. */
export function columns_f64(x: Float64Array, rows: number, width: number, out: Float64Array): void {
  transpose(x, rows, width, out);
}

/** As columns_f64 of float32, widened. */
export function columns_f32(x: Float32Array, rows: number, width: number, out: Float64Array): void {
  transpose(x, rows, width, out);
}

function transpose(x: Float32Array | Float64Array, rows: number, width: number, out: Float64Array): void {
  for (let k = 0; k < width; k++) for (let i = 0; i < rows; i++) out[k * rows + i] = x[i * width + k];
}
