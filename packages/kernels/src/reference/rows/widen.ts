/** n float16, by their bits, as float32: exact, sign and payload of a NaN kept. */
export function widen_f16_f32(bits: Uint16Array, n: number, out: Float32Array): void {
  const to = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < n; i++) to[i] = widened(bits[i]);
}

/** n bfloat16 as float32: they are the upper half of one. */
export function widen_bf16_f32(bits: Uint16Array, n: number, out: Float32Array): void {
  const to = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < n; i++) to[i] = bits[i] << 16;
}

function widened(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  const top = 31 - Math.clz32(fraction);
  return sign | ((top + 103) << 23) | ((fraction << (23 - top)) & 0x7fffff);
}
