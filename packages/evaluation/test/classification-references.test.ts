import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Spec } from '../src/index.js';
import { evaluateArrays, type Precision } from './helpers/arrays.js';

type Value = number | 'NaN' | 'Infinity' | '-Infinity';

interface Case {
  loss: Spec['losses'][number];
  type: Precision;
  prediction: number[] | number[][];
  target: number[] | number[][];
  weight?: number[];
  input?: Spec['input'];
  losses: Value[];
  gradient?: Value[];
}

const { cases, torch, sklearn } = JSON.parse(
  readFileSync(new URL('./fixtures/classification-references.json', import.meta.url), 'utf8'),
) as { cases: Case[]; torch: string; sklearn: string };

/** Relative error of a row loss, and of a gradient against the greatest in its row. float32 steps are taken by soft_margin alone. */
const LOSS = { f64: 1e-13, f32: 2 ** -20 };
const GRADIENT = { f64: 2e-13, f32: 2 ** -21 };
/** Below, values have no full precision: float64 denormals; gradients of float32 columns are float32. */
const LEAST = { f64: 1e-290, f32: 2 ** -126 };

const nameOf = ({ loss }: Case): string => (typeof loss === 'string' ? loss : loss.name);
const NAMES = [...new Set(cases.map(nameOf))];

/** Sums of terms that cancel (log q - log p, p - q) are held against the size of the terms. */
const SIZE: Record<string, number> = {
  kl_div: 1,
  brier: 1e-3,
  multi_margin: 1,
  crammer_singer: 1,
  hinge: 1,
  squared_hinge: 1,
};

function title({ loss, type, prediction, input, weight }: Case): string {
  const shape = `${prediction.length} x ${[prediction[0]].flat().length}`;
  return `${JSON.stringify(loss)} ${type} ${shape}${input ? ` of ${input}` : ''}${weight ? ', weighted' : ''}`;
}

async function check(entry: Case): Promise<void> {
  const { loss, type, prediction, target, weight, input } = entry;
  const { answer, losses, gradient } = await evaluateArrays(type, prediction, target, {
    losses: [loss],
    ...(input ? { input } : {}),
    ...(weight ? { weight } : {}),
  });
  const name = answer.losses[0].name;
  const floor = SIZE[name] ?? 0;
  entry.losses.map(Number).forEach((expected, i) => {
    // Unit vectors are rounded: so is their small difference where they are nearly parallel.
    const rounding = name === 'cosine' ? 2 ** -50 * Math.sqrt(expected) : 0;
    const bound = LOSS[type] * Math.max(Math.abs(expected), floor) + rounding + LEAST.f64;
    if (Number.isFinite(expected)) expect(Math.abs(losses[i] - expected), `row ${i}`).toBeLessThanOrEqual(bound);
    else expect(losses[i]).toBe(expected);
  });
  const width = gradient.length / losses.length;
  entry.gradient?.map(Number).forEach((unweighted, k) => {
    const row = Math.floor(k / width);
    const w = weight?.[row] ?? 1;
    const scaled = type === 'f32' && weight ? Math.fround(w) : w;
    const size = Math.max(
      ...(entry.gradient ?? []).slice(row * width, (row + 1) * width).map((g) => Math.abs(Number(g))),
    );
    const expected = unweighted * scaled;
    const rounding = name === 'cosine' ? 2 ** -51 / Math.hypot(...(prediction[row] as number[])) : 0;
    if (!Number.isFinite(Math.fround(expected)) && type === 'f32') expect(Math.abs(gradient[k])).toBe(Infinity);
    else
      expect(Math.abs(gradient[k] - expected), `gradient ${k}`).toBeLessThanOrEqual(
        (GRADIENT[type] * Math.max(size, floor) + rounding + LEAST[type]) * w * 4,
      );
  });
}

describe(`against definitions in 220 digits, torch ${torch} and scikit-learn ${sklearn}`, () => {
  it('has at least sixteen cases of every loss', () => {
    for (const name of NAMES) expect(cases.filter((entry) => nameOf(entry) === name).length).toBeGreaterThan(15);
  });

  describe.each(NAMES)('%s', (name) => {
    const own = cases.filter((entry) => nameOf(entry) === name);
    it.each(own.map((entry, i) => [`${i}: ${title(entry)}`, entry] as const))('%s', async (_, entry) => check(entry));
  });
});
