import { readFileSync } from 'node:fs';

/** What fixtures/generate.py wrote. Inputs are float32 numbers, answers are the true value rounded once to float64. */
export interface Truth {
  /** z, log(1 + e^z), its derivative. */
  softplus: [number, number, number][];
  /** z, y, pos_weight, label_smoothing, loss, gradient. */
  bce: [number, number, number, number, number, number][];
  /** p, y, pos_weight, label_smoothing, clip, loss, gradient. */
  bceProbabilities: [number, number, number, number, number, number, number][];
  /** C, seed, scale, shift, y, loss, gradient at y, gradient at (y + 1) mod C. */
  crossEntropy: [number, number, number, number, number, number, number, number][];
  /** C, seed, scale, shift, label_smoothing, y, loss and gradient at y of y, loss and gradient at seed mod C of q. */
  general: [number, number, number, number, number, number, number, number, number, number][];
}

export const truth = JSON.parse(
  readFileSync(new URL('../fixtures/classification.json', import.meta.url), 'utf8'),
) as Truth;

/** The row generate.py draws for these numbers. */
export function row(C: number, seed: number, scale: number, shift: number): number[] {
  let state = seed;
  const z = Array.from({ length: C }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround(scale * ((state >>> 8) / 2 ** 24 - 0.5));
  });
  z[seed % C] = Math.fround(z[seed % C] + shift);
  return z;
}

/** The worst of |found - expected| / |expected| (0 where they are equal), and where it is. */
export function worstError(found: ArrayLike<number>, expected: ArrayLike<number>): { error: number; at: number } {
  let worst = { error: 0, at: -1 };
  for (let i = 0; i < expected.length; i++) {
    const error = Object.is(found[i], expected[i]) ? 0 : Math.abs(found[i] - expected[i]) / Math.abs(expected[i]);
    if (!(error <= worst.error)) worst = { error, at: i };
  }
  return worst;
}
