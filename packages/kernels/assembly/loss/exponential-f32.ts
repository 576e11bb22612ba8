// e^v, v = -s z, of float32 scores: in float32 steps below |v| = 80, in float64 beyond, where float32 has no room.
import { exp_f32x4, exp_f64x2 } from '../link/exp';
import { c32, SIGN_F32 } from '../link/table';
import { FIRST, RESULT, SECOND, stage } from '../scratch';

/** Bits of 80: scores at or beyond it, infinities and NaN are computed in float64. */
const SLOW_BITS: u32 = 0x42a00000;

/** The sign bit where the target is positive. */
// @ts-ignore: decorator
@inline
function turn(y: v128): v128 {
  return v128.and(f32x4.gt(y, f32x4.splat(0.0)), c32(SIGN_F32));
}

/** Four rows: e^v. */
// @ts-ignore: decorator
@inline
function power(z: usize, y: usize): v128 {
  return exp_f32x4(v128.xor(v128.load(z), turn(v128.load(y))));
}

function slow(z: usize, y: usize): f64 {
  const v = load<f32>(y) > 0 ? -load<f32>(z) : load<f32>(z);
  return f64x2.extract_lane(exp_f64x2(f64x2.splat(<f64>v)), 0);
}

// @ts-ignore: decorator
@inline
function isSlow(z: usize): bool {
  return (load<u32>(z) & 0x7fffffff) >= SLOW_BITS;
}

// @ts-ignore: decorator
@inline
function anySlow(z: usize): bool {
  const greatest = i32x4.max_u(i32x4.shl(v128.load(z), 1), i32x4.shl(v128.load(z, 16), 1));
  return v128.any_true(i32x4.ge_u(greatest, i32x4.splat(SLOW_BITS << 1)));
}

// @ts-ignore: decorator
@inline
function store4(out: usize, e: v128): void {
  v128.store(out, f64x2.promote_low_f32x4(e));
  v128.store(out, f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 2, 3)), 16);
}

/** Eight rows. */
// @ts-ignore: decorator
@inline
function block(z: usize, y: usize, out: usize): void {
  const low = power(z, y);
  const high = power(z + 16, y + 16);
  store4(out, low);
  store4(out + 32, high);
  if (anySlow(z)) {
    for (let j: usize = 0; j < 8; j++) if (isSlow(z + (j << 2))) store<f64>(out + (j << 3), slow(z + (j << 2), y + (j << 2)));
  }
}

/** Eight rows of -s e^v. */
// @ts-ignore: decorator
@inline
function slopes(z: usize, y: usize, g: usize): void {
  const low = v128.xor(power(z, y), turn(v128.load(y)));
  const high = v128.xor(power(z + 16, y + 16), turn(v128.load(y, 16)));
  v128.store(g, low);
  v128.store(g, high, 16);
  if (!anySlow(z)) return;
  for (let j: usize = 0; j < 32; j += 4) {
    if (!isSlow(z + j)) continue;
    const e = <f32>slow(z + j, y + j);
    store<f32>(g + j, load<f32>(y + j) > 0 ? -e : e);
  }
}

/** e^(-s z) */
export function exponential_f32(z: usize, y: usize, n: i32, out: usize): void {
  const bytes = <usize>n << 2;
  let at: usize = 0;
  for (const end = bytes & ~31; at < end; at += 32) block(z + at, y + at, out + (at << 1));
  if (at < bytes) {
    stage(z + at, y + at, bytes - at);
    block(FIRST, SECOND, RESULT);
    memory.copy(out + (at << 1), RESULT, (bytes - at) << 1);
  }
}

/** -s e^(-s z) */
export function exponential_gradient_f32(z: usize, y: usize, n: i32, g: usize): void {
  const bytes = <usize>n << 2;
  let at: usize = 0;
  for (const end = bytes & ~31; at < end; at += 32) slopes(z + at, y + at, g + at);
  if (at < bytes) {
    stage(z + at, y + at, bytes - at);
    slopes(FIRST, SECOND, RESULT);
    memory.copy(g + at, RESULT, bytes - at);
  }
}
