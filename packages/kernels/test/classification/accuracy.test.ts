import { describe, expect, it } from 'vitest';
import { arrayOf } from '../support/instance.js';
import { row, truth, worstError } from '../support/truth.js';
import { ELEMENTS, IMPLEMENTATIONS } from '../support/twins.js';

/** float32: 2^-20 of the true value on the same inputs. float64: 4 ulp, for softmax losses 2e-13. */
const LIMITS = { f32: { binary: 2 ** -20, classes: 2 ** -20 }, f64: { binary: 4 * 2 ** -53, classes: 2e-13 } };
/** Below this a float32 gradient is a denormal and keeps fewer digits. */
const NORMAL = { f32: 2 ** -126, f64: 2 ** -1022 };

const column = (rows: readonly number[][], k: number) => rows.map((values) => values[k]);

describe.each(ELEMENTS.flatMap((type) => Object.entries(IMPLEMENTATIONS).map(([name, run]) => ({ type, name, run }))))(
  'accuracy against 350 digits, $type $name',
  ({ type, run }) => {
    const limit = LIMITS[type];
    const array = (values: ArrayLike<number>) => arrayOf(type, values);
    const results = (n: number) => new Float64Array(n);

    /** Leaves out what the type can hold only as a denormal. */
    const normal = (found: ArrayLike<number>, expected: number[], least: number) => {
      const kept = expected.map((value, i) => [found[i], value]).filter(([, value]) => Math.abs(value) >= least);
      return worstError(column(kept, 0), column(kept, 1));
    };

    it('of binary cross-entropy on a dense grid of logits', () => {
      const n = truth.softplus.length;
      const z = array(column(truth.softplus, 0));
      const zero = run(`bce_logits_${type}`, [z, array(results(n)), n, 1, 0], results(n));
      expect(normal(zero, column(truth.softplus, 1), NORMAL.f64)).toSatisfy(({ error }) => error <= limit.binary);
      const one = run(`bce_logits_${type}`, [z.map((v) => -v), array(results(n).fill(1)), n, 1, 0], results(n));
      expect(one).toEqual(zero);
      const g = run(`bce_logits_gradient_${type}`, [z, array(results(n)), n, 1, 0], z);
      expect(normal(g, column(truth.softplus, 2), NORMAL[type])).toSatisfy(({ error }) => error <= limit.binary);
    });

    it('of binary cross-entropy with soft targets, weight and smoothing', () => {
      for (const [z, y, weight, smoothing, loss, slope] of truth.bce) {
        const values = [array([z]), array([y]), 1, weight, smoothing];
        const found = run(`bce_logits_${type}`, values, results(1));
        expect(worstError(found, [loss]).error, `z ${z}, y ${y}`).toBeLessThanOrEqual(limit.binary);
        const [g] = run(`bce_logits_gradient_${type}`, values, array([0]));
        // The two sides of the gradient may cancel; each is accurate, so the error is held against their size.
        const size = Math.max(weight, 1) / (1 + Math.exp(-Math.abs(z)));
        if (y === 0 || y === 1) expect(Math.abs(g - slope)).toBeLessThanOrEqual(limit.binary * size);
        else expect(Math.abs(g - slope)).toBeLessThanOrEqual(limit.binary * size * 2);
      }
    });

    it('of binary cross-entropy of probabilities', () => {
      for (const [p, y, weight, smoothing, clip, loss, slope] of truth.bceProbabilities) {
        const values = [array([p]), array([y]), 1, weight, smoothing, clip];
        const found = run(`bce_probabilities_${type}`, values, results(1));
        expect(worstError(found, [loss]).error, `p ${p}, y ${y}`).toBeLessThanOrEqual(4 * 2 ** -53);
        const [g] = run(`bce_probabilities_gradient_${type}`, values, array([0]));
        const size = Math.abs(slope) + (y === 0 || y === 1 ? 0 : 1 / Math.min(p, 1 - p));
        expect(Math.abs(g - slope)).toBeLessThanOrEqual((type === 'f32' ? 2 ** -24 : 2 ** -50) * size);
      }
    });

    it('of cross-entropy, sure or not, of 2 to 32000 classes', () => {
      for (const [C, seed, scale, shift, y, loss, own, next] of truth.crossEntropy) {
        const z = array(row(C, seed, scale, shift));
        const values = [z, Int32Array.of(y), 1, C];
        const name = `C ${C}, seed ${seed}, scale ${scale}, shift ${shift}`;
        const found = run(`cross_entropy_logits_${type}`, values, results(1));
        if (loss >= NORMAL.f64) expect(worstError(found, [loss]).error, name).toBeLessThanOrEqual(limit.classes);
        const g = run(`cross_entropy_logits_gradient_${type}`, values, z);
        const pair = normal([g[y], g[(y + 1) % C]], [own, next], NORMAL[type]);
        expect(pair.error, `gradient, ${name}`).toBeLessThanOrEqual(limit.classes);
      }
    });

    it('of cross-entropy with smoothing, class weights and probability targets', () => {
      for (const [C, seed, scale, shift, smoothing, y, loss, slope, softLoss, softSlope] of truth.general) {
        const z = array(row(C, seed, scale, shift));
        const weights = Float64Array.from(row(C, seed + 1, 4, 0), Math.abs);
        const q = array(row(C, seed + 2, 2, 1).map((x) => Math.max(x, 0)));
        const options = [weights, 1, C, smoothing];
        const found = [
          ...run(`cross_entropy_smooth_logits_${type}`, [z, Int32Array.of(y), ...options], results(1)),
          ...run(`cross_entropy_soft_logits_${type}`, [z, q, ...options], results(1)),
        ];
        expect(worstError(found, [loss, softLoss]).error, `seed ${seed}`).toBeLessThanOrEqual(limit.classes);
        const g = run(`cross_entropy_smooth_logits_gradient_${type}`, [z, Int32Array.of(y), ...options], z);
        const soft = run(`cross_entropy_soft_logits_gradient_${type}`, [z, q, ...options], z);
        const mass = weights.reduce((sum, w) => sum + w, 0);
        const bound = 4 * limit.classes * mass;
        expect(Math.abs(g[y] - slope), `seed ${seed}`).toBeLessThanOrEqual(bound);
        expect(Math.abs(soft[seed % C] - softSlope), `seed ${seed}`).toBeLessThanOrEqual(bound);
      }
    });
  },
);
