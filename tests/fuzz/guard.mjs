// Watches what is allocated: a length that a file claims must be held against the file before memory is taken for it.

const names = [
  'Uint8Array',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
];
let largest = 0;

function watch(bytes) {
  if (Number.isFinite(bytes) && bytes > largest) largest = bytes;
}

/** From now on every array made of a length is seen. Before anything else is loaded. */
export function watchAllocations() {
  for (const name of [...names, 'ArrayBuffer', 'BigInt64Array', 'BigUint64Array']) {
    const original = globalThis[name];
    const size = original.BYTES_PER_ELEMENT ?? 1;
    globalThis[name] = new Proxy(original, {
      construct(target, values) {
        if (typeof values[0] === 'number') watch(values[0] * size);
        return Reflect.construct(target, values, target);
      },
    });
  }
  for (const name of ['alloc', 'allocUnsafe']) {
    const original = Buffer[name];
    Buffer[name] = (...values) => {
      watch(values[0]);
      return original.apply(Buffer, values);
    };
  }
}

/** The largest allocation since the last look, in bytes. */
export function largestAllocation() {
  const seen = largest;
  largest = 0;
  return seen;
}
