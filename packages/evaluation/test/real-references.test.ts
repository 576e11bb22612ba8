import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Spec } from '../src/index.js';
import { evaluateArrays } from './helpers/arrays.js';

interface Case {
  losses: Spec['losses'];
  prediction: number[];
  target: number[];
  variance?: number[];
  weight: number[] | null;
  input?: 'mean';
  rowLosses: number[];
  gradient: number[];
  sum: number;
  totalWeight: number;
  mean: number;
}

const { about, cases } = JSON.parse(
  readFileSync(new URL('./fixtures/real-references.json', import.meta.url), 'utf8'),
) as { about: Record<string, string>; cases: Case[] };

const title = ({ losses, prediction, weight, input }: Case): string =>
  `${JSON.stringify(losses[0])} of ${prediction.length}${input ? ` ${input}` : ''}${weight ? ', weighted' : ''}`;

describe.each([
  ['f64', 1e-12],
  ['f32', 4e-6],
] as const)(`against torch ${about.torch}, scikit-learn ${about.sklearn} and NumPy, %s`, (type, tolerance) => {
  // Weights are float64 in either type.
  const chosen = type === 'f64' ? cases : cases.filter(({ weight }) => weight === null);
  it.each(chosen.map((entry, i) => [`${i}: ${title(entry)}`, entry] as const))('%s', async (_, entry) => {
    const { losses, prediction, target, weight, variance, input } = entry;
    const { answer, ...outcome } = await evaluateArrays(type, prediction, target, {
      losses,
      ...(input ? { input } : {}),
      ...(weight ? { weight } : {}),
      ...(variance ? { variance } : {}),
    });
    const [report] = answer.losses;
    const size = Math.max(...entry.rowLosses.map(Math.abs));
    const slope = Math.max(...entry.gradient.map(Math.abs));
    const close = (found: unknown, expected: number, scale: number): void =>
      expect(Math.abs(Number(found) - expected)).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(expected), scale));
    entry.rowLosses.forEach((expected, i) => {
      close(outcome.losses[i], expected, size / 16);
    });
    entry.gradient.forEach((expected, i) => {
      // Where smape is flat, automatic differentiation leaves rounding errors.
      close(outcome.gradient[i], expected, Math.max(slope, 0.1) / 16);
    });
    close(report.sum, entry.sum, size);
    close(report.mean, entry.mean, size);
    expect(report.weight).toBeCloseTo(entry.totalWeight, 12);
    expect(answer.spec.arithmetic).toBe(type);
  });
});
