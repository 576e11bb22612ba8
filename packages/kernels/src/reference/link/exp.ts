import * as C from './constants.js';

const f = Math.fround;
const float64 = new Float64Array(1);
const words64 = new Uint32Array(float64.buffer);
const float32 = new Float32Array(1);
const word32 = new Int32Array(float32.buffer);

const LOG2E = f(C.LOG2E);
const [E0, E1, E2, E3] = [C.EXP_F32_0, C.EXP_F32_1, C.EXP_F32_2, C.EXP_F32_3].map(f);
const LN2_LOW_F32 = f(C.LN2_LOW_F32);

/** As SIMD pmax: `a` unless it is less than `b`, so that a NaN in `a` stays. */
export function pmax(a: number, b: number): number {
  return a < b ? b : a;
}

/** As SIMD pmin: `a` unless `b` is less. */
export function pmin(a: number, b: number): number {
  return b < a ? b : a;
}

/** 2^n for -1023 < n < 1024, exactly. */
export function powerOfTwo(n: number): number {
  words64[0] = 0;
  words64[1] = (n + 1023) << 20;
  return float64[0];
}

/** 2^64 e^x for x <= 0, float64. */
export function expScaled_f64(x: number): number {
  const v = pmax(x, C.EXP_LEAST_F64);
  const k = v * C.LOG2E + C.ROUND_F64 - C.ROUND_F64;
  const r = v - k * C.LN2_HIGH_F64 - k * C.LN2_LOW_F64;
  const r2 = r * r;
  const r4 = r2 * r2;
  const q01 = C.EXP_F64_1 * r + C.EXP_F64_0;
  const q23 = C.EXP_F64_3 * r + C.EXP_F64_2;
  const q45 = C.EXP_F64_5 * r + C.EXP_F64_4;
  const q67 = C.EXP_F64_7 * r + C.EXP_F64_6;
  const q89 = C.EXP_F64_9 * r + C.EXP_F64_8;
  const q03 = q23 * r2 + q01;
  const q49 = (q89 * r2 + q67) * r2 + q45;
  return (1 + (r + r2 * (q49 * r4 + q03))) * powerOfTwo(k + 64);
}

/** e^v for any v, float64: above 0 by its reciprocal. Infinity above 709.78. */
export function exp_f64(v: number): number {
  const e = expScaled_f64(-Math.abs(v));
  return v > 0 ? 18446744073709551616 / e : e * C.EXP_UNSCALE_F64;
}

/** e^v times the power of two that `round` carries, float32 steps. */
export function expShifted_f32(v: number, round: number): number {
  const t = f(f(v * LOG2E) + round);
  const k = f(t - round);
  const r = f(f(v - f(k * C.LN2_HIGH_F32)) - f(k * LN2_LOW_F32));
  const r2 = f(r * r);
  const low = f(f(E1 * r) + E0);
  const high = f(f(E3 * r) + E2);
  const q = f(low + f(high * r2));
  const p = f(1 + f(r + f(r2 * q)));
  float32[0] = t;
  word32[0] <<= 23;
  return f(p * float32[0]);
}

/** e^v for -80 <= v <= 0, float32 steps. */
export function exp_f32(v: number): number {
  return expShifted_f32(v, C.ROUND_PLAIN_F32);
}

/** 2^24 e^v for v <= 0, float32 steps. */
export function expScaled_f32(v: number): number {
  return expShifted_f32(pmax(v, C.EXP_LEAST_F32), C.ROUND_F32);
}
