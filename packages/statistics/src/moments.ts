/**
 * Weighted first and second moments of row values, kept about their mean, so that 1e9 plus noise keeps its standard deviation.
 *
 * A node is NODE consecutive float64 of an array:
 * [n, W, mean, lo, M, V, R, Q] with n rows, W = sum w, mean + lo = sum(w x) / W (lo: the part below one ulp),
 * M = sum w (x - mean)^2, V = sum w^2, R = sum w^2 (x - mean), Q = sum w^2 (x - mean)^2.
 * The first eight numbers that the `moments` kernels write for a block are a node.
 */
export const NODE = 8;

enum At {
  n = 0,
  W = 1,
  mean = 2,
  lo = 3,
  M = 4,
  V = 5,
  R = 6,
  Q = 7,
}

/**
 * left := left merged with right (Chan, Golub, LeVeque 1983, with the mean in two parts). Deterministic, not commutative to the bit:
 * the fold tree fixes who is left.
 */
export function mergeMoments(left: Float64Array, leftAt: number, right: Float64Array, rightAt: number): void {
  if (right[rightAt + At.n] === 0) return;
  if (left[leftAt + At.n] === 0) {
    for (let i = 0; i < NODE; i++) left[leftAt + i] = right[rightAt + i];
    return;
  }
  const wa = left[leftAt + At.W];
  const wb = right[rightAt + At.W];
  const n = left[leftAt + At.n] + right[rightAt + At.n];
  if (wa === 0 || wb === 0) {
    // Rows without weight (of a class of weight 0) only count.
    if (wa === 0) for (let i = 0; i < NODE; i++) left[leftAt + i] = right[rightAt + i];
    left[leftAt + At.n] = n;
    return;
  }
  const w = wa + wb;
  const mean = left[leftAt + At.mean];
  const lo = left[leftAt + At.lo];
  const delta = right[rightAt + At.mean] - mean + (right[rightAt + At.lo] - lo);
  const shiftA = delta * (wb / w);
  const shiftB = delta * (wa / w);
  const va = left[leftAt + At.V];
  const vb = right[rightAt + At.V];
  const ra = left[leftAt + At.R];
  const rb = right[rightAt + At.R];
  const newMean = mean + (lo + shiftA);
  left[leftAt + At.n] = n;
  left[leftAt + At.W] = w;
  left[leftAt + At.mean] = newMean;
  left[leftAt + At.lo] = mean - newMean + (lo + shiftA);
  left[leftAt + At.M] += right[rightAt + At.M] + shiftA * delta * wa;
  left[leftAt + At.V] = va + vb;
  left[leftAt + At.R] = ra - shiftA * va + (rb + shiftB * vb);
  left[leftAt + At.Q] += shiftA * (shiftA * va - 2 * ra) + (right[rightAt + At.Q] + shiftB * (shiftB * vb + 2 * rb));
}

export interface Spread {
  /** Sample standard deviation: sqrt(M / (W - V / W)); n - 1 in the denominator when all weights are 1. */
  std: number;
  /** Standard error of the weighted mean (linearised, n / (n - 1) corrected): sqrt(n / (n - 1) Q) / W. */
  stderr: number;
}

/**
 * Spread of the weighted values y = w x about sum(y) / rows, for a mean that divides by rows whatever their weights; rows without a
 * weight (0 in the sums, not in the node) are among them. sum (y - r)^2 = Q + 2 m R + m^2 (V - W^2 / rows), which for equal weights of 1 is
 * Q: nothing cancels. NaN with fewer than two rows.
 */
export function spreadOver(node: Float64Array, at: number, rows: number): Spread {
  if (!(rows > 1)) return { std: Number.NaN, stderr: Number.NaN };
  const w = node[at + At.W];
  const mean = node[at + At.mean];
  const weights = node[at + At.V] - w * (w / rows);
  const squares = node[at + At.Q] + mean * (2 * node[at + At.R] + mean * weights);
  const std = Math.sqrt(Math.max(0, squares) / (rows - 1));
  return { std, stderr: std / Math.sqrt(rows) };
}

/** NaN with fewer than two rows. Equal values may leave a sum of squares a rounding error below 0: it is taken for 0. */
export function spread(node: Float64Array, at = 0): Spread {
  const n = node[at + At.n];
  if (!(n > 1)) return { std: Number.NaN, stderr: Number.NaN };
  const w = node[at + At.W];
  return {
    std: Math.sqrt(Math.max(0, node[at + At.M]) / (w - node[at + At.V] / w)),
    stderr: Math.sqrt((n / (n - 1)) * Math.max(0, node[at + At.Q])) / w,
  };
}
