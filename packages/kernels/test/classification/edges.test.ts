import { describe, expect, it } from 'vitest';
import { arrayOf, type Element, type Floats } from '../support/instance.js';
import { ELEMENTS, IMPLEMENTATIONS } from '../support/twins.js';

const { POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: NEG, NaN: NAN } = Number;
const one = () => new Float64Array(1);

const CASES = ELEMENTS.flatMap((type) => Object.entries(IMPLEMENTATIONS).map(([name, run]) => ({ type, name, run })));

describe.each(CASES)('edges of binary cross-entropy, $type $name', ({ type, run }) => {
  const array = (...values: number[]) => arrayOf(type, values);
  const loss = (z: number, y: number, weight = 1, smoothing = 0) =>
    run(`bce_logits_${type}`, [array(z), array(y), 1, weight, smoothing], one())[0];
  const slope = (z: number, y: number, weight = 1, smoothing = 0) =>
    run(`bce_logits_gradient_${type}`, [array(z), array(y), 1, weight, smoothing], array(0))[0];
  const lossOfP = (p: number, y: number, clip = 0, weight = 1) =>
    run(`bce_probabilities_${type}`, [array(p), array(y), 1, weight, 0, clip], one())[0];
  const slopeOfP = (p: number, y: number, clip = 0) =>
    run(`bce_probabilities_gradient_${type}`, [array(p), array(y), 1, 1, 0, clip], array(0))[0];

  it.each([
    [INF, 1, 0],
    [INF, 0, INF],
    [NEG, 0, 0],
    [NEG, 1, INF],
    [INF, 0.5, INF],
    [NEG, 0.5, INF],
    [NAN, 1, NAN],
    [0, NAN, NAN],
    [1e4, 0, 1e4],
    [1e4, 1, 0],
    [-1e4, 1, 1e4],
    [0, 0, Math.LN2],
    [-0, 1, Math.LN2],
  ])('gives a logit of %s with target %s the loss %s', (z, y, expected) => {
    if (Math.abs(expected) === Math.LN2) expect(loss(z, y)).toBeCloseTo(expected, 7);
    else expect(loss(z, y)).toBe(expected);
  });

  it.each([
    [INF, 1, 0],
    [INF, 0, 1],
    [NEG, 0, 0],
    [NEG, 1, -1],
    [INF, 0.25, 0.75],
    [0, 0, 0.5],
    [NAN, 0, NAN],
  ])('gives a logit of %s with target %s the gradient %s', (z, y, expected) => {
    expect(slope(z, y) + 0).toBe(expected);
  });

  it('keeps the loss of a sure and right answer to full relative precision', () => {
    for (const [z, expected] of [
      [36, 2.3195228302435696e-16],
      [64, 1.603810890548638e-28],
      [200, 1.3838965267367376e-87],
      [700, 9.85967654375977e-305],
    ]) {
      const relative = type === 'f32' ? 2 ** -20 : 4 * 2 ** -53;
      expect(Math.abs(loss(z, 1) / expected - 1)).toBeLessThanOrEqual(relative);
      expect(loss(-z, 0)).toBe(loss(z, 1));
    }
  });

  it('lets a weight or a target of 0 silence an infinite term', () => {
    expect(loss(NEG, 1, 0)).toBe(0);
    expect(loss(NEG, 0.5, 0)).toBe(0);
    expect(loss(INF, 1, 3, 0.5)).toBe(INF);
    expect(lossOfP(0, 1, 0, 0)).toBe(0);
  });

  it.each([
    [0, 1, INF],
    [1, 0, INF],
    [0, 0, 0],
    [1, 1, 0],
    [0, 0.5, INF],
    [1, 0.5, INF],
    [NAN, 0, NAN],
  ])('gives a probability of %s with target %s the loss %s, never a negative zero', (p, y, expected) => {
    expect(lossOfP(p, y)).toBe(expected);
  });

  it.each([
    [0, 0, 1],
    [1, 1, -1],
    [0, 1, NEG],
    [1, 0, INF],
    [0, 0.5, NEG],
    [1, 0.5, INF],
    [0.5, 0.5, 0],
    [NAN, 0, NAN],
  ])('gives a probability of %s with target %s the gradient %s', (p, y, expected) => {
    expect(slopeOfP(p, y) + 0).toBe(expected);
  });

  it('holds probabilities to the clip, where the loss is flat', () => {
    expect(lossOfP(0, 1, 0.25)).toBeCloseTo(Math.log(4), 15);
    expect(lossOfP(1, 0, 0.25)).toBeCloseTo(Math.log(4), 15);
    expect(lossOfP(NAN, 1, 0.25)).toBeNaN();
    expect([slopeOfP(0, 1, 0.25), slopeOfP(1, 0, 0.25), slopeOfP(0.25, 1, 0.25)].map((x) => x + 0)).toEqual([0, 0, -4]);
  });
});

/** A row of C logits: the given ones first, the others -Infinity or as given. */
function rowOf(type: Element, C: number, values: number[], fill: number): Floats {
  return arrayOf(
    type,
    Array.from({ length: C }, (_, k) => values[k] ?? fill),
  );
}

describe.each(CASES)('edges of cross-entropy, $type $name', ({ type, run }) => {
  describe.each([2, 3, 4, 10, 16, 17, 40, 130])('with %s classes', (C) => {
    const loss = (values: number[], y: number, fill = NEG) =>
      run(`cross_entropy_logits_${type}`, [rowOf(type, C, values, fill), Int32Array.of(y), 1, C], one())[0];
    const gradient = (values: number[], y: number, fill = NEG) => {
      const z = rowOf(type, C, values, fill);
      return Array.from(run(`cross_entropy_logits_gradient_${type}`, [z, Int32Array.of(y), 1, C], z), (g) => g + 0);
    };
    const onehot = (entries: Record<number, number>) => Array.from({ length: C }, (_, k) => entries[k] ?? 0);

    it('gives infinite logits their limits', () => {
      expect(loss([NEG, 0], 1)).toBe(0);
      expect(loss([NEG, 0], 0)).toBe(INF);
      expect(loss([INF, 0], 0, 0)).toBe(0);
      expect(loss([INF, 0], 1, 0)).toBe(INF);
      expect(loss([INF, INF], 0, 0)).toBeNaN();
      expect(loss([NEG, NEG], 0)).toBeNaN();
    });

    it('has the gradient of those limits', () => {
      expect(gradient([NEG, 0], 1)).toEqual(onehot({}));
      expect(gradient([NEG, 0], 0)).toEqual(onehot({ 0: -1, 1: 1 }));
      expect(gradient([INF, 0], 0, 0)).toEqual(onehot({}));
      expect(gradient([INF, 0], 1, 0)).toEqual(onehot({ 0: 1, 1: -1 }));
      expect(gradient([INF, INF], 0, 0)).toEqual(new Array(C).fill(NAN));
      expect(gradient([NEG, NEG], 0)).toEqual(new Array(C).fill(NAN));
    });

    it('passes NaN on from any class', () => {
      for (let k = 0; k < C; k++) {
        for (const y of [0, C - 1]) {
          const values = Array.from({ length: C }, (_, j) => (j === k ? NAN : j));
          expect(loss(values, y)).toBeNaN();
          expect(gradient(values, y).every(Number.isNaN)).toBe(true);
        }
      }
    });

    it('gives a skipped row 0, even with NaN or infinite logits', () => {
      expect(loss([NAN, INF], -1, INF)).toBe(0);
      expect(gradient([NAN, INF], -1, INF)).toEqual(onehot({}));
    });

    it('has log C for equal logits of any size', () => {
      for (const z of [0, -0, 1e4, -3e38, 1e-40, 511, 512, 513]) {
        expect(Math.abs(loss([], 0, z) / Math.log(C) - 1)).toBeLessThan(type === 'f32' ? 2 ** -20 : 2e-13);
      }
    });

    it('keeps the loss of a sure and right answer to full relative precision at any gap', () => {
      const relative = type === 'f32' ? 2 ** -20 : 2e-13;
      for (const gap of [12, 30, 36, 60, 67, 69, 100, 200, 700]) {
        for (const base of [0, 0.37, -29, 1000]) {
          const z = rowOf(type, C, [base + gap, base], NEG);
          const expected = Math.log1p(Math.exp(z[1] - z[0]));
          const found = loss([base + gap, base], 0);
          expect(Math.abs(found / expected - 1), `gap ${gap} from ${base}`).toBeLessThanOrEqual(relative);
        }
      }
    });

    it('lets classes without mass hold -Infinity', () => {
      const z = rowOf(type, C, [NEG, 0], NEG);
      const q = rowOf(type, C, [0, 1], 0);
      const soft = [z, q, null, 1, C, 0] as const;
      expect(run(`cross_entropy_soft_logits_${type}`, [...soft], one())[0]).toBe(0);
      const g = run(`cross_entropy_soft_logits_gradient_${type}`, [...soft], z);
      expect(Array.from(g, (x) => x + 0)).toEqual(onehot({}));
      const smooth = [z, Int32Array.of(1), null, 1, C, 0.1] as const;
      expect(run(`cross_entropy_smooth_logits_${type}`, [...smooth], one())[0]).toBe(INF);
    });

    it('silences a class weight of 0, even with NaN', () => {
      const z = rowOf(type, C, [NAN, 0], 0);
      const weights = Float64Array.from(onehot({ 1: 2 }));
      const values = [z, Int32Array.of(0), weights, 1, C, 0] as const;
      expect(run(`cross_entropy_smooth_logits_${type}`, [...values], one())[0]).toBe(0);
      expect(Array.from(run(`cross_entropy_smooth_logits_gradient_${type}`, [...values], z))).toEqual(onehot({}));
      expect(run(`nll_${type}`, [z, Int32Array.of(0), weights, 1, C], one())[0]).toBe(0);
      expect(run(`cross_entropy_probabilities_${type}`, [z, Int32Array.of(0), weights, 1, C, 0], one())[0]).toBe(0);
    });

    it('takes probabilities and log-probabilities as they are', () => {
      const p = rowOf(type, C, [0, 0.5], 0.25);
      const of = (y: number, clip = 0) =>
        run(`cross_entropy_probabilities_${type}`, [p, Int32Array.of(y), null, 1, C, clip], one())[0];
      expect(of(0)).toBe(INF);
      expect(of(1)).toBeCloseTo(Math.LN2, 15);
      expect(of(0, 0.125)).toBeCloseTo(3 * Math.LN2, 15);
      expect(of(-1)).toBe(0);
      const g = run(`cross_entropy_probabilities_gradient_${type}`, [p, Int32Array.of(0), null, 1, C, 0], p);
      expect(g[0]).toBe(NEG);
      const lp = rowOf(type, C, [0, NEG], -1);
      const nll = (y: number) => run(`nll_${type}`, [lp, Int32Array.of(y), null, 1, C], one())[0];
      expect([nll(0), nll(1), nll(-1)]).toEqual([0, INF, 0]);
    });
  });

  it('finds 0 for one class, whose probability is 1', () => {
    const of = (z: number) =>
      run(`cross_entropy_logits_${type}`, [arrayOf(type, [z]), Int32Array.of(0), 1, 1], one())[0];
    expect([of(3), of(-1e30), of(INF), of(NEG), of(NAN)]).toEqual([0, 0, 0, NAN, NAN]);
  });

  it('finds the first maximum, whatever stands beside it', () => {
    const of = (...x: number[]) => run(`argmax_${type}`, [arrayOf(type, x), 1, x.length], new Int32Array(1))[0];
    expect(of(1, 3, 3, 2)).toBe(1);
    expect(of(NAN, 1, 2)).toBe(2);
    expect(of(NEG, NEG)).toBe(0);
    expect(of(NAN, NAN)).toBe(0);
    expect(of(-5, INF, INF)).toBe(1);
    const wide = (x: Record<number, number>, fill: number, length = 37) =>
      of(...Array.from({ length }, (_, k) => x[k] ?? fill));
    expect(wide({ 20: 3, 33: 3, 35: NAN }, 1)).toBe(20);
    expect(wide({ 36: 2 }, -1)).toBe(36);
    expect(wide({ 0: NAN, 31: -0, 34: 0 }, -1)).toBe(31);
    expect([wide({}, NAN), wide({}, NEG), wide({ 30: NEG }, NAN), wide({ 17: -9 }, NEG)]).toEqual([0, 0, 0, 17]);
  });
});
