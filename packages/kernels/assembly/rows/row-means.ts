// The sum of a row's values, correctly rounded: s + c + the errors of c is the exact sum. Every step is Knuth's error-free addition, so
// where no error of c is left, s + c is exact before its one rounding; elsewhere F, the sum of their sizes, says how far off it may be.

/**
 * out[i] = (sum over k of columns[k * rows + i], correctly rounded) / width, for i below `rows`. Rows of which that cannot be told
 * (not finite, or a tie too close to call) are listed at `unsure`, i32, and their means are not to be used; returns how many they are.
 */
export function row_means_f64(columns: usize, rows: i32, width: i32, out: usize, unsure: usize): i32 {
  const column = <usize>rows << 3;
  const by = <f64>width;
  let found: i32 = 0;
  let i: i32 = 0;
  for (; i + 4 <= rows; i += 4) found += four(columns + (<usize>i << 3), column, width, out, unsure, i, found);
  for (; i < rows; i++) {
    const x = columns + (<usize>i << 3);
    if (one(x, column, width, out + (<usize>i << 3), by)) continue;
    store<i32>(unsure + (<usize>found << 2), i);
    found++;
  }
  return found;
}

// @ts-ignore: decorator
@inline
function four(x: usize, column: usize, width: i32, out: usize, unsure: usize, i: i32, found: i32): i32 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let c0 = s0;
  let c1 = s0;
  let f0 = s0;
  let f1 = s0;
  for (let k: i32 = 0; k < width; k++, x += column) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const t0 = f64x2.add(s0, x0);
    const t1 = f64x2.add(s1, x1);
    const e0 = rest(s0, x0, t0);
    const e1 = rest(s1, x1, t1);
    s0 = t0;
    s1 = t1;
    const d0 = f64x2.add(c0, e0);
    const d1 = f64x2.add(c1, e1);
    f0 = f64x2.add(f0, f64x2.abs(rest(c0, e0, d0)));
    f1 = f64x2.add(f1, f64x2.abs(rest(c1, e1, d1)));
    c0 = d0;
    c1 = d1;
  }
  const by = f64x2.splat(<f64>width);
  const r0 = f64x2.add(s0, c0);
  const r1 = f64x2.add(s1, c1);
  out += <usize>i << 3;
  v128.store(out, f64x2.div(r0, by));
  v128.store(out, f64x2.div(r1, by), 16);
  const sure0 = isSure(r0, rest(s0, c0, r0), f0);
  const sure1 = isSure(r1, rest(s1, c1, r1), f1);
  const mask = i64x2.bitmask(sure0) | (i64x2.bitmask(sure1) << 2);
  if (mask == 15) return 0;
  let more: i32 = 0;
  for (let j: i32 = 0; j < 4; j++) {
    if ((mask >> j) & 1) continue;
    store<i32>(unsure + (<usize>(found + more) << 2), i + j);
    more++;
  }
  return more;
}

/** a + b = t + rest, exactly. */
// @ts-ignore: decorator
@inline
function rest(a: v128, b: v128, t: v128): v128 {
  const z = f64x2.sub(t, a);
  return f64x2.add(f64x2.sub(a, f64x2.sub(t, z)), f64x2.sub(b, z));
}

/**
 * Whether r is the correctly rounded r + t + anything up to f in size: with nothing left it is; else what may lie on either side, taken
 * a little too large, must not move it. Never with a NaN.
 */
// @ts-ignore: decorator
@inline
function isSure(r: v128, t: v128, f: v128): v128 {
  const zero = f64x2.splat(0);
  const beyond = f64x2.add(f64x2.mul(f64x2.abs(t), f64x2.splat(1.0 + 8.881784197001252e-16)), f64x2.add(f, f));
  const still = v128.and(f64x2.eq(f64x2.add(r, beyond), r), f64x2.eq(f64x2.sub(r, beyond), r));
  return v128.or(f64x2.eq(f, zero), still);
}

/** One row through the same steps; whether it is sure. */
function one(x: usize, column: usize, width: i32, out: usize, by: f64): bool {
  let s = f64x2.splat(0);
  let c = s;
  let f = s;
  for (let k: i32 = 0; k < width; k++, x += column) {
    const value = v128.load64_splat(x);
    const t = f64x2.add(s, value);
    const e = rest(s, value, t);
    s = t;
    const d = f64x2.add(c, e);
    f = f64x2.add(f, f64x2.abs(rest(c, e, d)));
    c = d;
  }
  const r = f64x2.add(s, c);
  store<f64>(out, f64x2.extract_lane(r, 0) / by);
  return i64x2.bitmask(isSure(r, rest(s, c, r), f)) == 3;
}
