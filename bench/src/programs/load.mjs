// The data of one kernel case in the memory of one kernel instance.
import { closeSync, openSync, readSync } from 'node:fs';
import { ACCUMULATOR_BYTES } from '@lossmill/exact-sum';
import { createKernels } from '@lossmill/kernels';

/** Row losses of this many rows stay in the nearest cache; the evaluation uses the same batch. */
export const BATCH_ROWS = 4096;

/** { exports, wasmMemory, kernels, kase, at: { p, y } or { z, t }, out, acc, views }: pointers and views of the whole data. */
export function load(kase) {
  const wasmMemory = new WebAssembly.Memory({ initial: 2 });
  const kernels = createKernels({ memory: wasmMemory });
  const { memory, exports } = kernels;
  const at = {};
  for (const name of Object.keys(kase.files)) at[name] = memory.allocate(4 * lengthOf(kase, name));
  const out = memory.allocate(8 * BATCH_ROWS);
  const acc = memory.allocate(ACCUMULATOR_BYTES);
  const views = {};
  for (const [name, file] of Object.entries(kase.files)) {
    const length = lengthOf(kase, name);
    readWhole(file, memory.u8(at[name], 4 * length));
    views[name] = name === 't' ? memory.i32(at[name], length) : memory.f32(at[name], length);
  }
  return { kernels, exports, wasmMemory, kase, at, out, acc, views };
}

const lengthOf = (kase, name) => (name === 't' ? kase.rows : kase.elements);

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
