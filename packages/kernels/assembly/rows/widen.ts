/** 2^-14, the least normal float16, as float32; and what its exponent field differs by between the two types. */
const LEAST_NORMAL: i32 = 113 << 23;
const BIAS: i32 = 112 << 23;
const HIDDEN: i32 = 1 << 23;
const INFINITE: i32 = 31 << 23;

/** Four float16, their bits in the lower halves, as float32: exact, sign and payload of a NaN kept. */
// @ts-ignore: decorator
@inline
function widened(half: v128): v128 {
  const sign = i32x4.shl(v128.and(half, i32x4.splat(0x8000)), 16);
  const size = i32x4.shl(v128.and(half, i32x4.splat(0x7fff)), 13);
  const normal = i32x4.add(size, i32x4.splat(BIAS));
  // 2^-14 (1 + fraction) - 2^-14: no denormal is ever computed with, which some processors do slowly.
  const least = i32x4.splat(LEAST_NORMAL);
  const subnormal = f32x4.sub(i32x4.add(size, least), least);
  const infinite = i32x4.add(normal, i32x4.splat(BIAS));
  const finite = v128.bitselect(subnormal, normal, i32x4.lt_s(size, i32x4.splat(HIDDEN)));
  return v128.or(sign, v128.bitselect(infinite, finite, i32x4.ge_s(size, i32x4.splat(INFINITE))));
}

/** n float16 as float32. The bits may be the upper half of `out` itself: what is read next is never written yet. */
export function widen_f16_f32(bits: usize, n: i32, out: usize): void {
  const end = bits + (<usize>n << 1);
  for (; bits + 16 <= end; bits += 16, out += 32) {
    const eight = v128.load(bits);
    v128.store(out, widened(i32x4.extend_low_i16x8_u(eight)));
    v128.store(out + 16, widened(i32x4.extend_high_i16x8_u(eight)));
  }
  for (; bits < end; bits += 2, out += 4) {
    store<i32>(out, i32x4.extract_lane(widened(i32x4.splat(<i32>load<u16>(bits))), 0));
  }
}

/** As widen_f16_f32 of bfloat16, the upper half of a float32. */
export function widen_bf16_f32(bits: usize, n: i32, out: usize): void {
  const end = bits + (<usize>n << 1);
  for (; bits + 16 <= end; bits += 16, out += 32) {
    const eight = v128.load(bits);
    v128.store(out, i32x4.shl(i32x4.extend_low_i16x8_u(eight), 16));
    v128.store(out + 16, i32x4.shl(i32x4.extend_high_i16x8_u(eight), 16));
  }
  for (; bits < end; bits += 2, out += 4) store<i32>(out, <i32>load<u16>(bits) << 16);
}
