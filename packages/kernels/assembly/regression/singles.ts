// Losses of float32 rows in float32 steps, four rows at a time, wherever no step can leave float32's range; elsewhere in float64. Within
// 2^-20 of the terms' size, at a third of the time.
import * as C from '../../src/reference/link/constants';
import { exp_f32x4 } from '../link/exp';
import { log1pUnit_f32x4 } from '../link/log';
import { c32, LN2_HIGH, LN2_LOW, ONE, SIGN_F32 } from '../link/table';
import { loadPair } from '../loss/pair';
import { loadError, whole } from './column';
import { logMeanLoss, POISSON } from './mean-losses';
import { errorLoss, LOG_COSH } from './residual-losses';

const SINH_F32 = memory.data<f32>([<f32>C.SINH_1, <f32>C.SINH_2, <f32>C.SINH_3]);

/** Stores four results: of float32 steps where `single`, else the float64 ones. */
// @ts-ignore: decorator
@inline
function storeMixed(out: usize, value: v128, single: v128, low: v128, high: v128): void {
  const first = f64x2.promote_low_f32x4(value);
  const second = f64x2.promote_low_f32x4(i32x4.shuffle(value, value, 2, 3, 2, 3));
  v128.store(out, v128.bitselect(first, low, i64x2.extend_low_i32x4_s(single)));
  v128.store(out, v128.bitselect(second, high, i64x2.extend_high_i32x4_s(single)), 16);
}

// @ts-ignore: decorator
@inline
function storeSingle(out: usize, value: v128): void {
  v128.store(out, f64x2.promote_low_f32x4(value));
  v128.store(out, f64x2.promote_low_f32x4(i32x4.shuffle(value, value, 2, 3, 2, 3)), 16);
}

/** a = 0, or 2^-40 <= a < 2^40. */
// @ts-ignore: decorator
@inline
function isSingle(a: v128): v128 {
  const inside = v128.and(f32x4.ge(a, f32x4.splat(9.094947017729282e-13)), f32x4.lt(a, f32x4.splat(1099511627776.0)));
  return v128.or(inside, f32x4.eq(a, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function logCosh(a: v128): v128 {
  const near = f32x4.lt(a, c32(ONE));
  const x = f32x4.mul(a, a);
  let s = f32x4.add(f32x4.mul(v128.load32_splat(SINH_F32 + 8), x), v128.load32_splat(SINH_F32 + 4));
  s = f32x4.add(f32x4.mul(s, x), v128.load32_splat(SINH_F32));
  s = f32x4.add(a, f32x4.mul(a, f32x4.mul(s, x)));
  const t = exp_f32x4(v128.or(f32x4.pmin(f32x4.add(a, a), f32x4.splat(80)), c32(SIGN_F32)));
  const l = log1pUnit_f32x4(v128.bitselect(f32x4.mul(f32x4.mul(s, s), f32x4.splat(0.5)), t, near));
  const far = f32x4.add(f32x4.sub(a, c32(LN2_HIGH)), f32x4.sub(l, c32(LN2_LOW)));
  return v128.bitselect(l, far, near);
}

// @ts-ignore: decorator
@inline
function pseudoHuber(a: v128, delta: v128): v128 {
  const r = f32x4.div(a, delta);
  const root = f32x4.sqrt(f32x4.add(c32(ONE), f32x4.mul(r, r)));
  return f32x4.mul(a, f32x4.div(a, f32x4.add(c32(ONE), root)));
}

/** Rows of LOG_COSH or PSEUDO_HUBER, whose delta must be within 2^-20 and 2^20. */
// @ts-ignore: decorator
@inline
export function residualSingles(kind: i32, p: usize, y: usize, n: i32, delta: f64, out: usize): void {
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i << 2;
    const to = out + (i << 3);
    const a = f32x4.abs(f32x4.sub(v128.load(p + at), v128.load(y + at)));
    const value = kind == LOG_COSH ? logCosh(a) : pseudoHuber(a, f32x4.splat(<f32>delta));
    const single = isSingle(a);
    if (i32x4.all_true(single)) storeSingle(to, value);
    else residualMixed(kind, p + at, y + at, delta, value, single, to);
  }
}

function residualMixed(kind: i32, p: usize, y: usize, delta: f64, value: v128, single: v128, out: usize): void {
  const c = f64x2.splat(delta);
  const low = errorLoss(kind, loadError<f32>(p, y), c, c);
  storeMixed(out, value, single, low, errorLoss(kind, loadError<f32>(p + 8, y + 8), c, c));
}

/** Rows of POISSON or GAMMA by z = log mean: float32 steps where |z| < 32 and y is 0 or from 2^-40 to 2^40. */
// @ts-ignore: decorator
@inline
export function logMeanSingles(kind: i32, z: usize, y: usize, n: i32, out: usize): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i << 2;
    const to = out + (i << 3);
    const x = v128.load(z + at);
    const t = v128.load(y + at);
    const tail = exp_f32x4(v128.or(f32x4.pmin(f32x4.abs(x), f32x4.splat(80)), c32(SIGN_F32)));
    const turned = kind == POISSON ? f32x4.gt(x, zero) : f32x4.lt(x, zero);
    const power = v128.bitselect(f32x4.div(c32(ONE), tail), tail, turned);
    const value = kind == POISSON ? f32x4.sub(power, f32x4.mul(t, x)) : f32x4.add(x, f32x4.mul(t, power));
    const single = v128.and(f32x4.lt(f32x4.abs(x), f32x4.splat(32)), isSingle(t));
    if (i32x4.all_true(single)) storeSingle(to, value);
    else logMeanMixed(kind, z + at, y + at, value, single, to);
  }
}

function logMeanMixed(kind: i32, z: usize, y: usize, value: v128, single: v128, out: usize): void {
  const c = f64x2.splat(0);
  const low = logMeanLoss(kind, loadPair<f32>(z), loadPair<f32>(y), c, c);
  storeMixed(out, value, single, low, logMeanLoss(kind, loadPair<f32>(z + 8), loadPair<f32>(y + 8), c, c));
}

