import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Spec } from '../src/index.js';
import { evaluateArrays } from './helpers/arrays.js';

interface Case {
  losses: Spec['losses'];
  prediction: number[][];
  target: number[][];
  variance?: number[][];
  weight: number[] | null;
  input?: 'probabilities';
  rowLosses: number[];
  gradient: number[];
  sum: number;
  mean: number;
  outputs: { sum: number[]; mean: number[]; rmse?: number[]; r2?: number[] };
  overall?: { mean: number; r2?: number };
}

const { about, cases } = JSON.parse(
  readFileSync(new URL('./fixtures/output-references.json', import.meta.url), 'utf8'),
) as { about: Record<string, string>; cases: Case[] };

const title = ({ losses, prediction, weight, input }: Case): string =>
  `${JSON.stringify(losses[0])} of ${prediction.length} x ${prediction[0].length}${input ? ` ${input}` : ''}${weight ? ', weighted' : ''}`;

describe.each([
  ['f64', 1e-12],
  ['f32', 4e-6],
] as const)(`several outputs against torch ${about.torch} and scikit-learn ${about.sklearn}, %s`, (type, tolerance) => {
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
    const size = Math.max(...entry.rowLosses.map(Math.abs), 1);
    const slope = Math.max(...entry.gradient.map(Math.abs), 0.1);
    const close = (found: unknown, expected: number, scale: number): void =>
      expect(Math.abs(Number(found) - expected)).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(expected), scale));
    expect(outcome.losses.length).toBe(entry.rowLosses.length);
    entry.rowLosses.forEach((expected, i) => {
      close(outcome.losses[i], expected, size / 16);
    });
    expect(outcome.gradient.length).toBe(entry.gradient.length);
    entry.gradient.forEach((expected, i) => {
      close(outcome.gradient[i], expected, slope / 16);
    });
    close(report.sum, entry.sum, size);
    close(report.mean, entry.mean, size);
    if (!weight) close(report.means.elements, entry.mean, size);
    if (entry.overall) close(report.mean, entry.overall.mean, size);
    if (entry.overall?.r2 !== undefined) close(report.derived.r2?.value, entry.overall.r2, 16);
    const outputs = report.outputs ?? [];
    expect(outputs.length).toBe(prediction[0].length);
    for (const [k, output] of outputs.entries()) {
      close(output.sum, entry.outputs.sum[k], size);
      close(output.mean, entry.outputs.mean[k], size);
      if (entry.outputs.rmse) close(output.derived.rmse?.value, entry.outputs.rmse[k], size);
      if (entry.outputs.r2) close(output.derived.r2?.value, entry.outputs.r2[k], 16 * Math.abs(entry.outputs.r2[k]));
    }
    expect(answer.spec.arithmetic).toBe(type);
  });
});
