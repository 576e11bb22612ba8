import * as C from './constants.js';
import { powerOfTwo } from './exp.js';

const f = Math.fround;
const float64 = new Float64Array(1);
const words64 = new Uint32Array(float64.buffer);
const float32 = new Float32Array(1);
const word32 = new Int32Array(float32.buffer);

const [U0, U1, U2, U3] = [C.LOG_UNIT_F32_0, C.LOG_UNIT_F32_1, C.LOG_UNIT_F32_2, C.LOG_UNIT_F32_3].map(f);
const [M0, M1, M2] = [C.LOG_MANTISSA_F32_0, C.LOG_MANTISSA_F32_1, C.LOG_MANTISSA_F32_2].map(f);
const LN2_LOW_F32 = f(C.LN2_LOW_F32);

/** log(1 + x) for 0 <= x <= 1, float32 steps. */
export function log1pUnit_f32(x: number): number {
  const s = f(x / f(x + 2));
  const t = f(s * s);
  const low = f(f(U1 * t) + U0);
  const high = f(f(U3 * t) + U2);
  const q = f(low + f(high * f(t * t)));
  return f(x - f(s * f(x - f(t * q))));
}

/** log(1 + x) for 0 <= x <= 2^100, float32 steps. */
export function log1p_f32(x: number): number {
  float32[0] = f(x + 1);
  const biased = (word32[0] + (0x3f800000 - 0x3f3504f3)) >>> 23;
  word32[0] = (254 - biased) << 23;
  const scale = float32[0];
  const k = biased - 127;
  const v = f(f(x * scale) + f(scale - 1));
  const s = f(v / f(v + 2));
  const t = f(s * s);
  const q = f(f(f(f(M2 * t) + M1) * t) + M0);
  const log = f(v - f(s * f(v - f(t * q))));
  return f(f(k * C.LN2_HIGH_F32) + f(log + f(k * LN2_LOW_F32)));
}

/** log(1 + x) for 0 <= x <= 1, float64. */
export function log1pUnit_f64(x: number): number {
  const s = x / (x + 2);
  const t = s * s;
  const t2 = t * t;
  const t4 = t2 * t2;
  const q01 = C.LOG_UNIT_F64_1 * t + C.LOG_UNIT_F64_0;
  const q23 = C.LOG_UNIT_F64_3 * t + C.LOG_UNIT_F64_2;
  const q45 = C.LOG_UNIT_F64_5 * t + C.LOG_UNIT_F64_4;
  const q67 = C.LOG_UNIT_F64_7 * t + C.LOG_UNIT_F64_6;
  const q89 = C.LOG_UNIT_F64_9 * t + C.LOG_UNIT_F64_8;
  const q03 = q23 * t2 + q01;
  const q47 = q67 * t2 + q45;
  const q8 = C.LOG_UNIT_F64_10 * t2 + q89;
  return x - s * (x - t * ((q8 * t4 + q47) * t4 + q03));
}

/** k ln2 + log(1 + v) for sqrt(1/2) - 1 <= v <= sqrt(2) - 1. */
function logParts(k: number, v: number): number {
  const s = v / (v + 2);
  const t = s * s;
  const t2 = t * t;
  const q01 = C.LOG_MANTISSA_F64_1 * t + C.LOG_MANTISSA_F64_0;
  const q23 = C.LOG_MANTISSA_F64_3 * t + C.LOG_MANTISSA_F64_2;
  const q45 = C.LOG_MANTISSA_F64_5 * t + C.LOG_MANTISSA_F64_4;
  const q67 = C.LOG_MANTISSA_F64_7 * t + C.LOG_MANTISSA_F64_6;
  const q47 = q67 * t2 + q45;
  const log = v - s * (v - t * ((q47 * t2 + q23) * t2 + q01));
  return k * C.LN2_HIGH_F64 + (log + k * C.LN2_LOW_F64);
}

/** Exponent of u > 0, after the mantissa's range is moved to [sqrt(1/2), sqrt(2)). */
function exponent(u: number): number {
  float64[0] = u;
  const carry = words64[0] + 0x9980c433 > 0xffffffff ? 1 : 0;
  return ((words64[1] + 0x00095f61 + carry) >>> 20) - 1023;
}

/** log(1 + x) for -1 <= x <= 2^1000, float64; NaN below -1. */
export function log1p_f64(x: number): number {
  const u = x + 1;
  if (!(u > 0)) return u === 0 ? -Infinity : Number.NaN;
  const k = exponent(u);
  const scale = powerOfTwo(-k);
  return logParts(k, x * scale + (scale - 1));
}

/** log(x) for x <= 2^1000, float64; -Infinity at 0, NaN below. */
export function log_f64(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  const tiny = x < 2.2250738585072014e-308;
  const normal = tiny ? x * 18014398509481984 : x;
  const k = exponent(normal);
  return logParts(tiny ? k - 54 : k, normal * powerOfTwo(-k) - 1);
}

/** log(x) for every x, float64, Infinity included. */
export function logAny_f64(x: number): number {
  if (!(x > 2 ** 1000)) return log_f64(x);
  if (x === Number.POSITIVE_INFINITY) return x;
  const normal = x * 2 ** -54;
  const k = exponent(normal);
  return logParts(k + 54, normal * powerOfTwo(-k) - 1);
}
