import { describe, expect, it } from 'vitest';
import { reference } from '../../src/index.js';
import {
  arrayOf,
  bitsOf,
  type Element,
  type Floats,
  kernels,
  LENGTHS,
  place,
  viewOf,
  withMemory,
} from '../support/instance.js';
import { specials } from '../support/random.js';

const LOSSES = ['error', 'mse', 'mae', 'huber'] as const;
const DELTAS = { error: [], mse: [], mae: [], huber: [1.1] };
type Twin = (p: Floats, y: Floats, n: number, ...rest: unknown[]) => void;
type Kernel = (...values: number[]) => void;

function twinOf(name: string): Twin {
  return (reference as unknown as Record<string, Twin>)[name];
}

function kernelOf(name: string): Kernel {
  return (kernels.exports as unknown as Record<string, Kernel>)[name];
}

/** What the kernel and its twin write for n rows from `offset` elements behind an aligned address. */
function both(name: string, type: Element, out: Element, n: number, offset: number, extra: number[]): [Floats, Floats] {
  return withMemory(() => {
    const p = specials(n, 7 + n);
    const y = specials(n, 1000 + n);
    const room = place(out, new Float64Array(n), offset);
    kernelOf(name)(place(type, p, offset), place(type, y, offset), n, ...extra, room);
    const expected = arrayOf(out, new Float64Array(n));
    twinOf(name)(arrayOf(type, p), arrayOf(type, y), n, ...extra, expected);
    return [viewOf(out, room, n).slice(), expected];
  });
}

describe.each(LOSSES)('%s', (loss) => {
  it.each(['f32', 'f64'] as const)('of %s equals its twin bit for bit at every length and offset', (type) => {
    for (const n of LENGTHS) {
      for (const offset of [0, 1, 3]) {
        const [actual, expected] = both(`${loss}_${type}`, type, 'f64', n, offset, DELTAS[loss]);
        expect(bitsOf(actual)).toEqual(bitsOf(expected));
      }
    }
  });

  it.each(['f32', 'f64'] as const)('of %s has a gradient that equals its twin bit for bit', (type) => {
    for (const n of LENGTHS) {
      for (const offset of [0, 1, 3]) {
        const [actual, expected] = both(`${loss}_gradient_${type}`, type, type, n, offset, DELTAS[loss]);
        expect(bitsOf(actual)).toEqual(bitsOf(expected));
      }
    }
  });
});

describe('regression gradients', () => {
  const gradients = (name: string, p: number[], y: number[], ...extra: number[]) =>
    withMemory(() => {
      const g = place('f64', p);
      kernelOf(name)(place('f64', p), place('f64', y), p.length, ...extra, g);
      return Array.from(viewOf('f64', g, p.length));
    });

  it('of mae are 0 where prediction and target agree', () => {
    expect(gradients('mae_gradient_f64', [1, 2, 3, Number.NaN], [1, 5, -2, 0])).toEqual([0, -1, 1, Number.NaN]);
  });

  it('of huber stop at delta', () => {
    expect(gradients('huber_gradient_f64', [0, 1, -9, 0.5, Infinity], [0, 0, 0, 0, 0], 0.75)).toEqual([
      0, 0.75, -0.75, 0.5, 0.75,
    ]);
  });

  it('of mse are twice the error', () => {
    expect(gradients('mse_gradient_f64', [3, -1], [1, 1])).toEqual([4, -4]);
  });
});
