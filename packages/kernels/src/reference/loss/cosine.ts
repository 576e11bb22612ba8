import type { Numbers } from './scan-f64.js';

const LEAST = 1e-200;
const MOST = 1e200;

/** What makes a unit vector: u_k = (a_k / scale) inverse. `raised`: its norm was below epsilon. */
interface Measure {
  scale: number;
  inverse: number;
  raised: boolean;
}

/** The sum of even and of odd entries. */
function sum(D: number, term: (k: number) => number): number {
  const lanes = [0, 0];
  for (let k = 0; k < D; k++) lanes[k & 1] += term(k);
  return lanes[0] + lanes[1];
}

/** Greatest |x_k|; NaN where one is NaN or infinite. */
function extent(x: Numbers): number {
  let most = 0;
  for (const value of x) {
    if (!(Math.abs(value) < Number.POSITIVE_INFINITY)) return Number.NaN;
    most = Math.max(most, Math.abs(value));
  }
  return most;
}

function measure(x: Numbers, epsilon: number): Measure {
  const squares = sum(x.length, (k) => x[k] * x[k]);
  let scale = 1;
  let length = Math.sqrt(squares);
  if (!(squares > LEAST && squares < MOST)) {
    scale = extent(x);
    length = scale === 0 ? 0 : Math.sqrt(sum(x.length, (k) => (x[k] / scale) * (x[k] / scale)));
  }
  if (scale * length < epsilon) return { scale: epsilon, inverse: 1, raised: true };
  return { scale, inverse: length === 0 ? Number.NaN : 1 / length, raised: false };
}

/** What a row comes down to: measures, unit vectors, <u, v>, and |u -+ v|^2 / 2 for cosines of at least 0 (below it). */
interface Settled {
  measures: readonly [Measure, Measure];
  u: (k: number) => number;
  v: (k: number) => number;
  cosine: number;
  half: number;
}

const unit =
  (x: Numbers, { scale, inverse }: Measure) =>
  (k: number): number =>
    (scale === 1 ? x[k] : x[k] / scale) * inverse;

function settle(a: Numbers, b: Numbers, epsilon: number): Settled {
  const D = a.length;
  const measures = [measure(a, epsilon), measure(b, epsilon)] as const;
  const [first, second] = measures;
  const [u, v] = [unit(a, first), unit(b, second)];
  const near = first.scale === 1 && second.scale === 1 && !first.raised && !second.raised;
  const cosine = near ? sum(D, (k) => a[k] * b[k]) : sum(D, (k) => u(k) * v(k));
  const turn = cosine >= 0 ? 1 : -1;
  const half = 0.5 * sum(D, (k) => (u(k) - turn * v(k)) * (u(k) - turn * v(k)));
  return { measures, u, v, cosine, half };
}

/** out[i] = 1 - <a, b> / (|a| |b|) of rows of D numbers, norms raised to epsilon. Float32 too is computed in float64. */
export function cosine_f64(a: Numbers, b: Numbers, rows: number, D: number, epsilon: number, out: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    const span = [i * D, (i + 1) * D] as const;
    const { measures, cosine, half } = settle(a.subarray(...span), b.subarray(...span), epsilon);
    if (measures.some(({ raised }) => raised)) out[i] = 1 - cosine;
    else out[i] = cosine >= 0 ? half : 2 - half;
  }
}

/** g = -(v - cos u) / |a|, or -v / |a| where |a| was raised. */
export function cosine_gradient_f64(
  a: Numbers,
  b: Numbers,
  rows: number,
  D: number,
  epsilon: number,
  g: Numbers,
): void {
  for (let i = 0; i < rows; i++) {
    const span = [i * D, (i + 1) * D] as const;
    const { measures, u, v, cosine, half } = settle(a.subarray(...span), b.subarray(...span), epsilon);
    const [{ scale, inverse, raised }] = measures;
    const plain = measures.some((entry) => entry.raised);
    const turn = cosine >= 0 ? 1 : -1;
    const pull = plain ? (raised ? 0 : cosine) : half;
    for (let k = 0; k < D; k++) {
      const slope = plain ? pull * u(k) - v(k) : turn * (u(k) - turn * v(k) - pull * u(k));
      g[i * D + k] = (slope * inverse) / scale;
    }
  }
}

export { cosine_f64 as cosine_f32, cosine_gradient_f64 as cosine_gradient_f32 };
