import { uniformStream } from './random.js';

/** Classes around the lanes, the four-row kernels (to 16 and to 128), the blocks of 16 logits and the chunks of 128. */
export const CLASS_COUNTS = [1, 2, 3, 4, 5, 7, 8, 10, 15, 16, 17, 31, 32, 64, 100, 127, 128, 129, 1000];

const EDGES = [
  0,
  -0,
  1e-45,
  1e-40,
  -1e-310,
  5e-324,
  Infinity,
  -Infinity,
  Number.NaN,
  63.999,
  64,
  -64,
  512,
  1e4,
  -1e4,
  3e38,
  -1e300,
];

/** Logits of many scales; `edges` is the share of special values. */
export function logits(length: number, seed: number, edges = 0): number[] {
  const uniform = uniformStream(seed);
  let scale = 1;
  return Array.from({ length }, () => {
    if (uniform() < 0.05) scale = [0.01, 1, 8, 40, 300, 2000][Math.floor(uniform() * 6)];
    if (uniform() < edges) return EDGES[Math.floor(uniform() * EDGES.length)];
    return uniform() < 0.05 ? scale : (uniform() - 0.5) * 2 * scale;
  });
}

/** Class indices, a tenth of them -1. */
export function classes(rows: number, C: number, seed: number): Int32Array {
  const uniform = uniformStream(seed);
  return Int32Array.from({ length: rows }, () => (uniform() < 0.1 ? -1 : Math.floor(uniform() * C)));
}

/** Numbers in [0, 1], some of them at or next to the ends. */
export function probabilities(length: number, seed: number): number[] {
  const uniform = uniformStream(seed);
  const ends = [0, 1, 0.5, 1e-30, 1e-40, 5e-324, 1 - 2 ** -24, 1 - 2 ** -53, 1e-7];
  return Array.from({ length }, () => (uniform() < 0.3 ? ends[Math.floor(uniform() * ends.length)] : uniform()));
}
