// The data of one kernel case in the memory of one kernel instance.
import { closeSync, openSync, readSync } from 'node:fs';
import { ACCUMULATOR_BYTES } from '@lossmill/exact-sum';
import { createKernels } from '@lossmill/kernels';

/** Row losses of this many rows stay in the nearest cache; the evaluation uses the same batch. */
export const BATCH_ROWS = 4096;
const SIZES = { f32: 4, f64: 8, i32: 4 };

/** { exports, wasmMemory, kernels, kase, at: { p, y, ... }, gradient, out, acc, blocks, views }: pointers and views of the whole data. */
export function load(kase) {
  const wasmMemory = new WebAssembly.Memory({ initial: 2 });
  const kernels = createKernels({ memory: wasmMemory });
  const { memory, exports } = kernels;
  const columns = Object.entries(kase.files);
  const at = {};
  for (const [name, { type, length }] of columns) at[name] = memory.allocate(SIZES[type] * length);
  const gradient = kase.pass === 'gradient' ? memory.allocate(SIZES[kase.type] * kase.elements) : 0;
  const out = memory.allocate(8 * BATCH_ROWS);
  const blocks = memory.allocate(8 * BATCH_ROWS);
  const acc = memory.allocate(ACCUMULATOR_BYTES);
  const views = {};
  for (const [name, { file, type, length }] of columns) {
    readWhole(file, memory.u8(at[name], SIZES[type] * length));
    views[name] = memory[type](at[name], length);
  }
  return { kernels, exports, wasmMemory, kase, at, gradient, out, blocks, acc, views };
}

function readWhole(file, bytes) {
  const handle = openSync(file, 'r');
  try {
    for (let done = 0; done < bytes.length; ) {
      const got = readSync(handle, bytes, done, Math.min(1 << 24, bytes.length - done), done);
      if (got === 0) throw new Error(`${file} ends after ${done} of ${bytes.length} bytes.`);
      done += got;
    }
  } finally {
    closeSync(handle);
  }
}
