import { CATALOGUE, type LossDefinition } from '@lossmill/losses';
import { describe, expect, it } from 'vitest';
import { evaluateArrays } from './helpers/arrays.js';

const nan = Number.NaN;

/** Rows 0 and 3 count; row 1 has no weight and row 2 is bad, both hold NaN. */
function rowsOf({ family, targets, inputs }: LossDefinition): {
  p: number[] | number[][];
  y: number[] | number[][];
} {
  const vectors = family === 'vectors' || (targets?.[0] === 'probabilities' && family === 'classes');
  const log = inputs[0] === 'log_probabilities';
  const wide = [
    [0.2, 0.3, 0.5],
    [nan, nan, nan],
    [nan, 0.3, 0.2],
    [0.6, 0.1, 0.3],
  ].map((row) => (log ? row.map((x) => -x) : row));
  if (vectors)
    return {
      p: wide,
      y: [
        [0.1, 0.1, 0.8],
        [nan, nan, nan],
        [0, 1, 0],
        [0.7, 0.2, 0.1],
      ],
    };
  if (family === 'classes') return { p: wide, y: [1, 0, 2, 2] };
  return { p: [0.4, nan, nan, 0.7], y: family === 'regression' ? [1, 0, 1, 2] : [1, 0, 1, 0] };
}

describe.each(['f32', 'f64'] as const)('a row without weight and a bad row, both of NaN, %s', (type) => {
  it.each(CATALOGUE.map((loss) => [loss.name, loss] as const))('have a gradient of 0: %s', async (name, loss) => {
    const { p, y } = rowsOf(loss);
    const { gradient, answer } = await evaluateArrays(type, p, y, {
      losses: [name],
      weight: [2, 0, 1, 3],
      ...(loss.wantsVariance ? { variance: [1, nan, 1, 2] } : {}),
      badRows: 'skip',
      gradient: { output: 'unused', summary: true },
    });
    const width = gradient.length / 4;
    expect(answer.rows).toMatchObject({ used: 3, bad: 1 });
    for (const g of gradient.slice(width, 3 * width)) expect(g).toBe(0);
    const own = [...gradient.slice(0, width), ...gradient.slice(3 * width)];
    const report = answer.losses[0].gradient;
    expect(own.every(Number.isFinite)).toBe(true);
    expect(report?.linf).toBe(Math.max(...own.map(Math.abs)));
    expect([report?.covarianceTrace, report?.squaredNorm].every(Number.isFinite)).toBe(true);
  });
});
