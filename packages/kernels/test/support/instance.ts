import { createKernels, type Kernels } from '../../src/index.js';

export type Element = 'f32' | 'f64';
export type Floats = Float32Array | Float64Array;

const BYTES = { f32: 4, f64: 8 } as const;

/** Lengths around the lanes, the blocks of 256 rows and of 1024 values. */
export const LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 25, 255, 256, 257, 1023, 1024, 1025, 2047, 2048, 2049];

export const kernels: Kernels = createKernels();

export function viewOf(type: Element, pointer: number, length: number): Floats {
  return type === 'f32' ? kernels.memory.f32(pointer, length) : kernels.memory.f64(pointer, length);
}

export function arrayOf(type: Element, values: ArrayLike<number>): Floats {
  return type === 'f32' ? Float32Array.from(values) : Float64Array.from(values);
}

/** Runs `use` with room that is given back afterwards. */
export function withMemory<T>(use: () => T): T {
  const mark = kernels.memory.mark();
  try {
    return use();
  } finally {
    kernels.memory.reset(mark);
  }
}

/** Copies values into fresh memory, `offset` elements behind an aligned address. */
export function place(type: Element, values: ArrayLike<number>, offset = 0): number {
  const pointer = kernels.memory.allocate((values.length + offset) * BYTES[type]) + offset * BYTES[type];
  viewOf(type, pointer, values.length).set(values);
  return pointer;
}

/** The bits of an array, every NaN as the same NaN: which of them comes out is not specified. */
export function bitsOf(values: Floats): string[] {
  return Array.from(values, (value) => (Object.is(value, -0) ? '-0' : String(value)));
}
