// @ts-ignore: decorator
@inline
export function huberValue(a: v128, delta: v128, half: v128): v128 {
  const q = f64x2.pmin(a, delta);
  return f64x2.mul(q, f64x2.sub(a, f64x2.mul(half, q)));
}
