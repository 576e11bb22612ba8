import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Spec } from '../src/index.js';
import { evaluateArrays } from './helpers/arrays.js';

interface Case {
  losses: Spec['losses'];
  prediction: number[] | number[][];
  target: number[] | number[][];
  weight: number[] | null;
  input?: 'probabilities';
  rowLosses: number[];
  gradient: number[];
  sum: number;
  totalWeight: number;
  mean: number;
  std: number;
  stderr: number;
}

const { cases, torch } = JSON.parse(readFileSync(new URL('./fixtures/references.json', import.meta.url), 'utf8')) as {
  cases: Case[];
  torch: string;
};

const close = (actual: unknown, expected: number, relative: number, scale = 0): void => {
  expect(Math.abs(Number(actual) - expected)).toBeLessThanOrEqual(relative * Math.max(Math.abs(expected), scale));
};

const title = ({ losses, prediction, weight, input }: Case): string =>
  `${JSON.stringify(losses[0])} of ${prediction.length} x ${[prediction[0]].flat().length}${input ? ` ${input}` : ''}${weight ? ', weighted' : ''}`;

describe(`against torch ${torch} and NumPy, in float64`, () => {
  it.each(cases.map((entry, i) => [`${i}: ${title(entry)}`, entry] as const))('%s', async (_, entry) => {
    const { losses, prediction, target, weight, input } = entry;
    const outcome = await evaluateArrays('f64', prediction, target, {
      losses,
      ...(input ? { input } : {}),
      ...(weight ? { weight } : {}),
    });
    const [report] = outcome.answer.losses;
    const size = Math.max(...entry.rowLosses.map(Math.abs));
    entry.rowLosses.forEach((expected, i) => {
      close(outcome.losses[i], expected, 1e-12, 1e-3);
    });
    entry.gradient.forEach((expected, i) => {
      close(outcome.gradient[i], expected, 1e-11, 1e-3);
    });
    close(report.sum, entry.sum, 1e-12, size);
    close(report.weight, entry.totalWeight, 1e-14);
    close(report.mean, entry.mean, 1e-12, size);
    close(report.std, entry.std, 1e-10);
    close(report.stderr, entry.stderr, 1e-10);
  });
});
