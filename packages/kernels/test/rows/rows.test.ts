import { describe, expect, it } from 'vitest';
import { reference } from '../../src/index.js';
import { arrayOf, bitsOf, type Floats, kernels, LENGTHS, place, viewOf, withMemory } from '../support/instance.js';
import { specials } from '../support/random.js';

type CountTwin = (x: Floats, n: number, low: number, high: number) => number;
type ScaleTwin = (g: Floats, w: Float64Array, rows: number, width: number) => void;

describe.each(['f32', 'f64'] as const)('count_outside_%s', (type) => {
  const kernel = kernels.exports[`count_outside_${type}`];
  const twin = reference[`count_outside_${type}`] as CountTwin;

  it('equals its twin at every length and offset', () => {
    for (const n of LENGTHS) {
      for (const offset of [0, 1, 3]) {
        const x = specials(n, n + 5);
        withMemory(() => {
          expect(kernel(place(type, x, offset), n, -0.5, 1)).toBe(twin(arrayOf(type, x), n, -0.5, 1));
        });
      }
    }
  });

  it('counts NaN and what lies beyond either end, not the ends', () => {
    withMemory(() => {
      const x = [0, 1, -0, Number.NaN, 1.5, -1, Infinity, 0.5];
      expect(kernel(place(type, x), x.length, 0, 1)).toBe(4);
      expect(kernel(place(type, x), x.length, -Infinity, Infinity)).toBe(1);
    });
  });
});

describe.each(['f32', 'f64'] as const)('scale_rows_%s', (type) => {
  const kernel = kernels.exports[`scale_rows_${type}`];
  const twin = reference[`scale_rows_${type}`] as ScaleTwin;

  it('equals its twin for rows of any width', () => {
    for (const width of [1, 2, 3, 4, 5, 10, 33]) {
      for (const rows of [0, 1, 7, 40]) {
        const g = specials(rows * width, width);
        const w = Float64Array.from(specials(rows, rows), (x, i) => (i % 3 === 0 ? 0 : x));
        withMemory(() => {
          const at = place(type, g, 1);
          kernel(at, place('f64', w, 1), rows, width);
          const expected = arrayOf(type, g);
          twin(expected, w, rows, width);
          expect(bitsOf(viewOf(type, at, g.length))).toEqual(bitsOf(expected));
        });
      }
    }
  });

  it('makes a row of weight 0 all +0, whatever it held', () => {
    withMemory(() => {
      const at = place(type, [Number.NaN, -Infinity, -1, 2]);
      kernel(at, place('f64', [0, -0]), 2, 2);
      expect(bitsOf(viewOf(type, at, 4))).toEqual(['0', '0', '0', '0']);
    });
  });
});

describe.each(['f16', 'bf16'] as const)('widen_%s_f32', (type) => {
  const kernel = kernels.exports[`widen_${type}_f32`];
  const twin = reference[`widen_${type}_f32`];
  const wordsOf = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)];

  it('gives the bits of its twin for every pattern, from a place of its own', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const expected = new Float32Array(65536);
    twin(bits, 65536, expected);
    withMemory(() => {
      const from = kernels.memory.allocate(2 * 65536 + 2) + 2;
      const to = kernels.memory.allocate(4 * 65536);
      new Uint16Array(kernels.memory.u8(from, 0).buffer, from, 65536).set(bits);
      kernel(from, 65536, to);
      expect(wordsOf(kernels.memory.f32(to, 65536))).toEqual(wordsOf(expected));
    });
  });

  it('takes the bits from the upper half of where the values go, for every length', () => {
    for (const n of LENGTHS) {
      const bits = Uint16Array.from({ length: n }, (_, i) => (i * 40_503) % 65536);
      const expected = new Float32Array(n);
      twin(bits, n, expected);
      withMemory(() => {
        const to = kernels.memory.allocate(4 * n + 4) + 4;
        new Uint16Array(kernels.memory.u8(to, 0).buffer, to + 2 * n, n).set(bits);
        kernel(to + 2 * n, n, to);
        expect(wordsOf(kernels.memory.f32(to, n))).toEqual(wordsOf(expected));
      });
    }
  });
});

describe.each(['f32', 'f64'] as const)('dequantize_%s', (type) => {
  const kernel = kernels.exports[`dequantize_${type}`];
  const twin = reference[`dequantize_${type}`] as (x: Floats, n: number, z: Floats, s: Floats, period: number) => void;

  it('equals its twin for every length, offset and period', () => {
    for (const n of LENGTHS) {
      for (const period of [1, 3, 4, 7, 256, 300]) {
        const [x, zero, scale] = [specials(n, n + 1), specials(period, 5), specials(period, n)];
        withMemory(() => {
          const at = place(type, x, period % 2);
          kernel(at, n, place(type, zero, 1), place(type, scale), period);
          const expected = arrayOf(type, x);
          twin(expected, n, arrayOf(type, zero), arrayOf(type, scale), period);
          expect(bitsOf(viewOf(type, at, n))).toEqual(bitsOf(expected));
        });
      }
    }
  });
});

describe.each(['f32', 'f64'] as const)('undefined_pairs_%s', (type) => {
  const kernel = kernels.exports[`undefined_pairs_${type}`];
  const twin = reference[`undefined_pairs_${type}`] as (p: Floats, y: Floats, n: number) => number;
  const both = (p: number[], y: number[]): number[] =>
    withMemory(() => [
      Number(kernel(place(type, p, 1), place(type, y), p.length)),
      twin(arrayOf(type, p), arrayOf(type, y), p.length),
    ]);

  it('finds a NaN at every place of every length, on either side, and equal infinities', () => {
    for (const n of LENGTHS.filter((length) => length < 30)) {
      const plain = Array.from({ length: n }, (_, i) => i - 3.5);
      expect(both(plain, plain)).toEqual([0, 0]);
      for (let i = 0; i < n; i++) {
        expect(both(plain.with(i, Number.NaN), plain)).toEqual([1, 1]);
        expect(both(plain, plain.with(i, Number.NaN))).toEqual([1, 1]);
        expect(both(plain.with(i, Infinity), plain.with(i, Infinity))).toEqual([1, 1]);
      }
    }
  });

  it('passes infinities whose difference has a sign, and differences beyond the range', () => {
    expect(both([Infinity, -Infinity, 3.4e38, 1], [1, Infinity, -3.4e38, -Infinity])).toEqual([0, 0]);
    expect(both([1.7e308], [-1.7e308])).toEqual([0, 0]);
  });
});
