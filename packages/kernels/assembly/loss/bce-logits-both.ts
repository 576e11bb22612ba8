// Value and gradient of bce_logits in one pass, from one exponential: the very bits of the two kernels that give them one by one.
import { exp_f32x4 } from '../link/exp';
import { log1pUnit_f32x4 } from '../link/log';
import { c32, SIGN_F32 } from '../link/table';
import { loss_f64x2, redo_f32, SLOW_BITS, storeGeneral_f32x4, storePlain_f32x4, tail_f64x2 } from './bce-logits';
import { gradient_f32x4, gradientFrom_f32x4, gradientFrom_f64x2 } from './bce-logits-gradient';
import { FIRST, RESULT, SECOND, stage } from '../scratch';

/** Room for the gradient of a tail. */
const SLOPES = memory.data(64, 16);
/** Rows in a tile: exponentials first, then what is made of them. */
const TILE: usize = 64;
const TAILS = memory.data(512, 16);

/** Four float32 rows from e = e^-|z|. */
// @ts-ignore: decorator
@inline
function finish(z: v128, y: v128, e: v128, plain: bool, keep: v128, half: v128, c: f64, out: usize, g: usize): void {
  const l = log1pUnit_f32x4(e);
  if (plain) storePlain_f32x4(z, y, l, out);
  else storeGeneral_f32x4(z, y, l, keep, half, f64x2.splat(c), out);
  v128.store(g, gradientFrom_f32x4(e, z, y, keep, half, f32x4.splat(<f32>c)));
}

/** Eight float32 rows whose logits may be too large for float32 steps: e^-|z| has room below it only in the scaled form. */
// @ts-ignore: decorator
@inline
function mend(z: usize, y: usize, keep: f64, half: f64, c: f64, out: usize, g: usize): void {
  const magnitude = i32x4.max_u(i32x4.shl(v128.load(z), 1), i32x4.shl(v128.load(z, 16), 1));
  if (!v128.any_true(i32x4.ge_u(magnitude, i32x4.splat(SLOW_BITS << 1)))) return;
  redo_f32(z, y, keep, half, c, out);
  const k = f32x4.splat(<f32>keep);
  const s = f32x4.splat(<f32>half);
  const w = f32x4.splat(<f32>c);
  v128.store(g, gradient_f32x4(v128.load(z), v128.load(y), k, s, w));
  v128.store(g, gradient_f32x4(v128.load(z, 16), v128.load(y, 16), k, s, w), 16);
}

/** `count` float32 rows, a multiple of 8, at most a tile. */
// @ts-ignore: decorator
@inline
function tile_f32(z: usize, y: usize, count: usize, plain: bool, keep: f64, half: f64, c: f64, out: usize, g: usize): void {
  const bytes = count << 2;
  const k = f32x4.splat(<f32>keep);
  const s = f32x4.splat(<f32>half);
  for (let at: usize = 0; at < bytes; at += 32) {
    const e0 = exp_f32x4(v128.or(v128.load(z + at), c32(SIGN_F32)));
    const e1 = exp_f32x4(v128.or(v128.load(z + at, 16), c32(SIGN_F32)));
    v128.store(TAILS + at, e0);
    v128.store(TAILS + at, e1, 16);
  }
  for (let at: usize = 0; at < bytes; at += 32) {
    const to = out + (at << 1);
    finish(v128.load(z + at), v128.load(y + at), v128.load(TAILS + at), plain, k, s, c, to, g + at);
    finish(v128.load(z + at, 16), v128.load(y + at, 16), v128.load(TAILS + at, 16), plain, k, s, c, to + 32, g + at + 16);
    mend(z + at, y + at, keep, half, c, to, g + at);
  }
}

function plain_f32(z: usize, y: usize, count: usize, out: usize, g: usize): void {
  tile_f32(z, y, count, true, 1.0, 0.0, 1.0, out, g);
}

function general_f32(z: usize, y: usize, count: usize, keep: f64, half: f64, c: f64, out: usize, g: usize): void {
  tile_f32(z, y, count, false, keep, half, c, out, g);
}

/** bce_logits_f32 to `out` and bce_logits_gradient_f32 to `g`. */
export function bce_logits_both_f32(
  z: usize, y: usize, n: i32, pos_weight: f64, label_smoothing: f64, out: usize, g: usize,
): void {
  const plain = pos_weight == 1.0 && label_smoothing == 0.0;
  const keep = 1.0 - label_smoothing;
  const half = label_smoothing * 0.5;
  let i: usize = 0;
  for (const end = <usize>n & ~7; i < end; ) {
    const count = min(TILE, end - i);
    const at = i << 2;
    if (plain) plain_f32(z + at, y + at, count, out + (i << 3), g + at);
    else general_f32(z + at, y + at, count, keep, half, pos_weight, out + (i << 3), g + at);
    i += count;
  }
  if (i < <usize>n) {
    const bytes = (<usize>n - i) << 2;
    stage(z + (i << 2), y + (i << 2), bytes);
    if (plain) plain_f32(FIRST, SECOND, 8, RESULT, SLOPES);
    else general_f32(FIRST, SECOND, 8, keep, half, pos_weight, RESULT, SLOPES);
    memory.copy(out + (i << 3), RESULT, bytes << 1);
    memory.copy(g + (i << 2), SLOPES, bytes);
  }
}

/** `count` float64 rows, a multiple of 4, at most a tile. */
function tile_f64(z: usize, y: usize, count: usize, posWeight: f64, smoothing: f64, out: usize, g: usize): void {
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
  for (let at: usize = 0; at < bytes; at += 16) {
    const e = v128.load(TAILS + at);
    const x = v128.load(z + at);
    const t = v128.load(y + at);
    v128.store(out + at, loss_f64x2(e, x, t, keep, half, c));
    v128.store(g + at, gradientFrom_f64x2(e, x, t, keep, half, c));
  }
}

/** bce_logits_f64 to `out` and bce_logits_gradient_f64 to `g`. */
export function bce_logits_both_f64(
  z: usize, y: usize, n: i32, pos_weight: f64, label_smoothing: f64, out: usize, g: usize,
): void {
  let i: usize = 0;
  for (const end = <usize>n & ~3; i < end; ) {
    const count = min(TILE, end - i);
    const at = i << 3;
    tile_f64(z + at, y + at, count, pos_weight, label_smoothing, out + at, g + at);
    i += count;
  }
  if (i < <usize>n) {
    const at = i << 3;
    const bytes = (<usize>n - i) << 3;
    stage(z + at, y + at, bytes);
    tile_f64(FIRST, SECOND, 4, pos_weight, label_smoothing, RESULT, SLOPES);
    memory.copy(out + at, RESULT, bytes);
    memory.copy(g + at, SLOPES, bytes);
  }
}
