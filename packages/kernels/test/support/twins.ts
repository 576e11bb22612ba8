import type { KernelExports } from '../../src/index.js';
import { reference } from '../../src/index.js';
import { type Element, type Floats, kernels, withMemory } from './instance.js';

export type Columns = Floats | Int32Array;
export type Argument = Columns | number | null;
/** What an implementation is called with: typed arrays, numbers, null for no class weights; the result comes last. */
type Kernel = (...values: Argument[]) => void;
/** Kernels that write one array, their last argument. */
export type KernelName = keyof KernelExports;

function viewAt(like: Columns, pointer: number): Columns {
  if (like instanceof Int32Array) return kernels.memory.i32(pointer, like.length);
  return like instanceof Float32Array
    ? kernels.memory.f32(pointer, like.length)
    : kernels.memory.f64(pointer, like.length);
}

/** Runs a wasm kernel on copies, each `offset` elements behind an aligned address; `result` gives type and length of the result. */
export function runWasm<R extends Columns>(name: KernelName, values: Argument[], result: R, offset = 0): R {
  return withMemory(() => {
    const room = (array: Columns) =>
      kernels.memory.allocate(array.byteLength + offset * array.BYTES_PER_ELEMENT) + offset * array.BYTES_PER_ELEMENT;
    const pointers = values.map((value) => (value === null || typeof value === 'number' ? (value ?? 0) : room(value)));
    const out = room(result);
    for (const [i, value] of values.entries()) {
      if (value !== null && typeof value !== 'number') viewAt(value, pointers[i]).set(value);
    }
    viewAt(result, out).fill(-77);
    (kernels.exports[name] as (...numbers: number[]) => void)(...pointers, out);
    return viewAt(result, out).slice() as R;
  });
}

/** Runs the TypeScript twin. */
function runTwin<R extends Columns>(name: KernelName, values: Argument[], result: R): R {
  const out = result.slice().fill(-77) as R;
  (reference as unknown as Record<string, Kernel>)[name](...values, out);
  return out;
}

/** Both implementations, by name. */
export const IMPLEMENTATIONS = { wasm: runWasm, twin: runTwin } as const;
export const ELEMENTS: readonly Element[] = ['f32', 'f64'];

/** The place and the values of the first difference in bits between wasm and twin, or undefined. */
export function firstDifference(name: KernelName, values: Argument[], result: Columns, offset = 0): string | undefined {
  const wasm = runWasm(name, values, result, offset);
  const twin = runTwin(name, values, result);
  // Every NaN is the same NaN here: which of them comes out is not specified.
  const at = wasm.findIndex((value, i) => !Object.is(value, twin[i]));
  return at < 0 ? undefined : `${name}: element ${at} is ${wasm[at]} in wasm and ${twin[at]} in the twin`;
}
