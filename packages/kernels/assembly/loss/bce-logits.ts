// value = (1 - y') (max(z, 0) + l) + c y' (max(-z, 0) + l), l = log1p(e^-|z|), y' = y (1 - s) + s / 2, 1 - y' = (1 - y)(1 - s) + s / 2.
import { exp_f32x4, expScaled_f64x2 } from '../link/exp';
import { log1pUnit_f32x4, log1pUnit_f64x2 } from '../link/log';
import { c32, c64, EXP_UNSCALE, ONE, SIGN_F32, SIGN_F64 } from '../link/table';
import { FIRST, RESULT, SECOND, stage } from '../scratch';

/** float32 rows at or beyond this logit, infinities and NaN are computed in float64: e^-64 and its log are safely normal below it. */
const SLOW_BITS: i32 = 0x42800000;

/** e^-|z| in float64. */
// @ts-ignore: decorator
@inline
function tail_f64x2(z: v128): v128 {
  return f64x2.mul(expScaled_f64x2(v128.or(z, c64(SIGN_F64))), c64(EXP_UNSCALE));
}

/** Two rows in float64 from e = e^-|z|. A factor of 0 makes its term 0 even where the other factor is infinite. */
// @ts-ignore: decorator
@inline
function loss_f64x2(e: v128, z: v128, y: v128, keep: v128, half: v128, c: v128): v128 {
  const zero = f64x2.splat(0.0);
  const sign = c64(SIGN_F64);
  const l = log1pUnit_f64x2(e);
  const negative = f64x2.add(f64x2.mul(f64x2.sub(c64(ONE), y), keep), half);
  const positive = f64x2.mul(f64x2.add(f64x2.mul(y, keep), half), c);
  const up = f64x2.mul(negative, f64x2.add(f64x2.pmax(z, zero), l));
  const down = f64x2.mul(positive, f64x2.add(f64x2.pmax(v128.xor(z, sign), zero), l));
  const sum = f64x2.add(
    v128.andnot(up, f64x2.eq(negative, zero)),
    v128.andnot(down, f64x2.eq(positive, zero)),
  );
  return v128.bitselect(sum, z, f64x2.eq(z, z));
}

// For the kernel of value and gradient.
export { loss_f64x2, redo_f32, SLOW_BITS, storeGeneral_f32x4, storePlain_f32x4, tail_f64x2 };

/** One row in float64: the very bits of a lane. */
function loss_f64(z: f64, y: f64, keep: f64, half: f64, c: f64): f64 {
  const zz = f64x2.splat(z);
  const pair = loss_f64x2(tail_f64x2(zz), zz, f64x2.splat(y), f64x2.splat(keep), f64x2.splat(half), f64x2.splat(c));
  return f64x2.extract_lane(pair, 0);
}

/** Stores l + (h - y) z as float64, h = 1 for z >= 0 and else 0: both terms are never negative, nothing cancels. */
// @ts-ignore: decorator
@inline
function storePlain_f32x4(z: v128, y: v128, l: v128, out: usize): void {
  const h = v128.andnot(c32(ONE), i32x4.shr_s(z, 31));
  const loss = f32x4.add(f32x4.mul(f32x4.sub(h, y), z), l);
  v128.store(out, f64x2.promote_low_f32x4(loss));
  v128.store(out, f64x2.promote_low_f32x4(i32x4.shuffle(loss, loss, 2, 3, 2, 3)), 16);
}

/** As `storePlain_f32x4` with pos_weight and label smoothing; the weight multiplies in float64, whose range holds any weight. */
// @ts-ignore: decorator
@inline
function storeGeneral_f32x4(z: v128, y: v128, l: v128, keep: v128, half: v128, c: v128, out: usize): void {
  const zero = f32x4.splat(0.0);
  const negative = f32x4.add(f32x4.mul(f32x4.sub(c32(ONE), y), keep), half);
  const positive = f32x4.add(f32x4.mul(y, keep), half);
  const up = f32x4.mul(negative, f32x4.add(f32x4.pmax(z, zero), l));
  const down = f32x4.mul(positive, f32x4.add(f32x4.pmax(f32x4.neg(z), zero), l));
  const low = f64x2.mul(f64x2.promote_low_f32x4(down), c);
  const high = f64x2.mul(f64x2.promote_low_f32x4(i32x4.shuffle(down, down, 2, 3, 2, 3)), c);
  v128.store(out, f64x2.add(f64x2.promote_low_f32x4(up), low));
  v128.store(out, f64x2.add(f64x2.promote_low_f32x4(i32x4.shuffle(up, up, 2, 3, 2, 3)), high), 16);
}

/**
 * Rows in a tile. Its exponentials are all computed before its logarithms: two short loops overlap better in the processor than one whose
 * every step waits for a long chain.
 */
const TILE: usize = 64;
/** e^-|z| of a tile. */
const TAILS = memory.data(512, 16);

/** `count` float32 rows, a multiple of 8, at most a tile. */
// @ts-ignore: decorator
@inline
function tile_f32(z: usize, y: usize, count: usize, plain: bool, keep: f64, half: f64, c: f64, out: usize): void {
  const bytes = count << 2;
  for (let at: usize = 0; at < bytes; at += 32) {
    const e0 = exp_f32x4(v128.or(v128.load(z + at), c32(SIGN_F32)));
    const e1 = exp_f32x4(v128.or(v128.load(z + at, 16), c32(SIGN_F32)));
    v128.store(TAILS + at, e0);
    v128.store(TAILS + at, e1, 16);
  }
  for (let at: usize = 0; at < bytes; at += 32) finish_f32(z + at, y + at, TAILS + at, plain, keep, half, c, out + (at << 1));
}

/** A tile without weight and smoothing. */
function plain_f32(z: usize, y: usize, count: usize, out: usize): void {
  tile_f32(z, y, count, true, 1.0, 0.0, 1.0, out);
}

/** A tile with weight or smoothing. */
function general_f32(z: usize, y: usize, count: usize, keep: f64, half: f64, c: f64, out: usize): void {
  tile_f32(z, y, count, false, keep, half, c, out);
}

/** Eight float32 rows from e = e^-|z|. */
// @ts-ignore: decorator
@inline
function finish_f32(z: usize, y: usize, e: usize, plain: bool, keep: f64, half: f64, c: f64, out: usize): void {
  const z0 = v128.load(z);
  const z1 = v128.load(z, 16);
  const l0 = log1pUnit_f32x4(v128.load(e));
  const l1 = log1pUnit_f32x4(v128.load(e, 16));
  if (plain) {
    storePlain_f32x4(z0, v128.load(y), l0, out);
    storePlain_f32x4(z1, v128.load(y, 16), l1, out + 32);
  } else {
    const k = f32x4.splat(<f32>keep);
    const s = f32x4.splat(<f32>half);
    storeGeneral_f32x4(z0, v128.load(y), l0, k, s, f64x2.splat(c), out);
    storeGeneral_f32x4(z1, v128.load(y, 16), l1, k, s, f64x2.splat(c), out + 32);
  }
  const magnitude = i32x4.max_u(i32x4.shl(z0, 1), i32x4.shl(z1, 1));
  if (v128.any_true(i32x4.ge_u(magnitude, i32x4.splat(SLOW_BITS << 1)))) redo_f32(z, y, keep, half, c, out);
}

/** The rows of a block whose logit is too large for float32 steps, in float64. */
function redo_f32(z: usize, y: usize, keep: f64, half: f64, c: f64, out: usize): void {
  for (let j: usize = 0; j < 8; j++) {
    const bits = load<u32>(z + (j << 2)) & 0x7fffffff;
    if (bits < <u32>SLOW_BITS) continue;
    store<f64>(out + (j << 3), loss_f64(load<f32>(z + (j << 2)), load<f32>(y + (j << 2)), keep, half, c));
  }
}

/** Binary cross-entropy of n logits; float64 row losses. */
export function bce_logits_f32(z: usize, y: usize, n: i32, pos_weight: f64, label_smoothing: f64, out: usize): void {
  const plain = pos_weight == 1.0 && label_smoothing == 0.0;
  const keep = 1.0 - label_smoothing;
  const half = label_smoothing * 0.5;
  let i: usize = 0;
  for (const end = <usize>n & ~7; i < end; ) {
    const count = min(TILE, end - i);
    if (plain) plain_f32(z + (i << 2), y + (i << 2), count, out + (i << 3));
    else general_f32(z + (i << 2), y + (i << 2), count, keep, half, pos_weight, out + (i << 3));
    i += count;
  }
  if (i < <usize>n) {
    stage(z + (i << 2), y + (i << 2), (<usize>n - i) << 2);
    if (plain) plain_f32(FIRST, SECOND, 8, RESULT);
    else general_f32(FIRST, SECOND, 8, keep, half, pos_weight, RESULT);
    memory.copy(out + (i << 3), RESULT, (<usize>n - i) << 3);
  }
}

/** `count` float64 rows, a multiple of 4, at most a tile. */
function tile_f64(z: usize, y: usize, count: usize, posWeight: f64, smoothing: f64, out: usize): void {
  const keep = f64x2.splat(1.0 - smoothing);
  const half = f64x2.splat(smoothing * 0.5);
  const c = f64x2.splat(posWeight);
  const bytes = count << 3;
  for (let at: usize = 0; at < bytes; at += 32) {
    const e0 = tail_f64x2(v128.load(z + at));
    const e1 = tail_f64x2(v128.load(z + at, 16));
    v128.store(TAILS + at, e0);
    v128.store(TAILS + at, e1, 16);
  }
  for (let at: usize = 0; at < bytes; at += 32) {
    const l0 = loss_f64x2(v128.load(TAILS + at), v128.load(z + at), v128.load(y + at), keep, half, c);
    const l1 = loss_f64x2(v128.load(TAILS + at, 16), v128.load(z + at, 16), v128.load(y + at, 16), keep, half, c);
    v128.store(out + at, l0);
    v128.store(out + at, l1, 16);
  }
}

/** Binary cross-entropy of n logits. */
export function bce_logits_f64(z: usize, y: usize, n: i32, pos_weight: f64, label_smoothing: f64, out: usize): void {
  let i: usize = 0;
  for (const end = <usize>n & ~3; i < end; ) {
    const count = min(TILE, end - i);
    tile_f64(z + (i << 3), y + (i << 3), count, pos_weight, label_smoothing, out + (i << 3));
    i += count;
  }
  if (i < <usize>n) {
    stage(z + (i << 3), y + (i << 3), (<usize>n - i) << 3);
    tile_f64(FIRST, SECOND, 4, pos_weight, label_smoothing, RESULT);
    memory.copy(out + (i << 3), RESULT, (<usize>n - i) << 3);
  }
}
