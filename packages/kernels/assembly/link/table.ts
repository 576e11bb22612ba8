// Constants live in memory and are loaded where used: V8 rebuilds every v128.const inside a loop (three instructions a use), while a
// splat load is one, and the optimiser shares it between the vectors of an unrolled loop.
import * as C from '../../src/reference/link/constants';

const F32 = memory.data<f32>([
  <f32>C.LOG2E, <f32>C.ROUND_F32, <f32>C.LN2_HIGH_F32, <f32>C.LN2_LOW_F32, 1.0, <f32>C.EXP_LEAST_F32, <f32>C.EXP_UNSCALE_F32, 2.0,
  <f32>C.EXP_F32_0, <f32>C.EXP_F32_1, <f32>C.EXP_F32_2, <f32>C.EXP_F32_3,
  <f32>C.LOG_UNIT_F32_0, <f32>C.LOG_UNIT_F32_1, <f32>C.LOG_UNIT_F32_2, <f32>C.LOG_UNIT_F32_3,
  <f32>C.LOG_MANTISSA_F32_0, <f32>C.LOG_MANTISSA_F32_1, <f32>C.LOG_MANTISSA_F32_2,
  <f32>C.ROUND_PLAIN_F32, -0.0,
]);

const F64 = memory.data<f64>([
  C.LOG2E, C.ROUND_F64, C.LN2_HIGH_F64, C.LN2_LOW_F64, 1.0, C.EXP_LEAST_F64, C.EXP_UNSCALE_F64, 2.0,
  C.EXP_F64_0, C.EXP_F64_1, C.EXP_F64_2, C.EXP_F64_3, C.EXP_F64_4,
  C.EXP_F64_5, C.EXP_F64_6, C.EXP_F64_7, C.EXP_F64_8, C.EXP_F64_9,
  C.LOG_UNIT_F64_0, C.LOG_UNIT_F64_1, C.LOG_UNIT_F64_2, C.LOG_UNIT_F64_3, C.LOG_UNIT_F64_4, C.LOG_UNIT_F64_5,
  C.LOG_UNIT_F64_6, C.LOG_UNIT_F64_7, C.LOG_UNIT_F64_8, C.LOG_UNIT_F64_9, C.LOG_UNIT_F64_10,
  C.LOG_MANTISSA_F64_0, C.LOG_MANTISSA_F64_1, C.LOG_MANTISSA_F64_2, C.LOG_MANTISSA_F64_3,
  C.LOG_MANTISSA_F64_4, C.LOG_MANTISSA_F64_5, C.LOG_MANTISSA_F64_6, C.LOG_MANTISSA_F64_7,
  -0.0, 4503599627370496.0, 4503599627371519.0,
]);

/** Places in both tables. */
export const LOG2E: i32 = 0;
export const ROUND: i32 = 1;
export const LN2_HIGH: i32 = 2;
export const LN2_LOW: i32 = 3;
export const ONE: i32 = 4;
export const EXP_LEAST: i32 = 5;
export const EXP_UNSCALE: i32 = 6;
export const TWO: i32 = 7;
export const EXP: i32 = 8;
export const LOG_UNIT_F32: i32 = 12;
export const LOG_MANTISSA_F32: i32 = 16;
export const ROUND_PLAIN: i32 = 19;
export const SIGN_F32: i32 = 20;
export const LOG_UNIT_F64: i32 = 18;
export const LOG_MANTISSA_F64: i32 = 29;
export const SIGN_F64: i32 = 37;
/** 2^52 and 2^52 + 1023. */
export const INTEGER_F64: i32 = 38;
export const BIASED_F64: i32 = 39;

/** Constant number `place`, in all four lanes. */
// @ts-ignore: decorator
@inline
export function c32(place: i32): v128 {
  return v128.load32_splat(F32 + (<usize>place << 2));
}

/** Constant number `place`, in both lanes. */
// @ts-ignore: decorator
@inline
export function c64(place: i32): v128 {
  return v128.load64_splat(F64 + (<usize>place << 3));
}
