// Rows of `width` numbers, one after another, to columns of `rows` float64. Two columns a pass over a few lines, so that every line that
// is fetched is used.

/** out[k * rows + i] = x[i * width + k], of float64. */
export function columns_f64(x: usize, rows: i32, width: i32, out: usize): void {
  const stride = <usize>width << 3;
  const column = <usize>rows << 3;
  let k: i32 = 0;
  for (; k + 8 <= width; k += 8) eight(x + (<usize>k << 3), rows, stride, out + <usize>k * column, column);
  for (; k < width; k++) {
    let from = x + (<usize>k << 3);
    const to = out + <usize>k * column;
    for (let at: usize = 0; at < column; at += 8, from += stride) store<f64>(to + at, load<f64>(from));
  }
}

/** As columns_f64 of float32, widened. */
export function columns_f32(x: usize, rows: i32, width: i32, out: usize): void {
  const stride = <usize>width << 2;
  const column = <usize>rows << 3;
  for (let k: i32 = 0; k < width; k += 8) {
    const few = min(8, width - k);
    let from = x + (<usize>k << 2);
    const to = out + <usize>k * column;
    for (let at: usize = 0; at < column; at += 8, from += stride) {
      for (let j: i32 = 0; j < few; j++)
        store<f64>(to + <usize>j * column + at, <f64>load<f32>(from + (<usize>j << 2)));
    }
  }
}

/** Eight columns: a line of each row, two rows at a time. */
function eight(x: usize, rows: i32, stride: usize, out: usize, column: usize): void {
  let i: i32 = 0;
  for (; i + 2 <= rows; i += 2, x += 2 * stride, out += 16) {
    let to = out;
    for (let at: usize = 0; at < 64; at += 16, to += 2 * column) {
      const upper = v128.load(x + at);
      const lower = v128.load(x + stride + at);
      v128.store(to, i64x2.shuffle(upper, lower, 0, 2));
      v128.store(to + column, i64x2.shuffle(upper, lower, 1, 3));
    }
  }
  if (i < rows) for (let j: usize = 0; j < 8; j++) store<f64>(out + j * column, load<f64>(x + (j << 3)));
}
