// Seeded data, written once to files that every program reads: all of them compute on the same bytes.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PIECE = 1 << 20;

/** xorshift32 pairs: uniform in (0, 1) with 32 bits, fast enough for 2^27 draws. */
function uniforms(seed) {
  let x = Math.imul(seed, 0x9e3779b1) || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return ((x >>> 0) + 0.5) / 4294967296;
  };
}

/** Standard normal numbers by Box and Muller, two a draw. */
function normals(seed) {
  const uniform = uniforms(seed);
  let spare = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** Writes n values piece by piece: `fillers` is a list of [file, header, ArrayType], `draw(arrays, i)` sets element i of each. */
function write(files, n, draw) {
  const handles = files.map(([file, header]) => {
    const handle = openSync(file, 'w');
    writeSync(handle, header);
    return handle;
  });
  const arrays = files.map(([, , ArrayType]) => new ArrayType(Math.min(n, PIECE)));
  for (let start = 0; start < n; start += PIECE) {
    const count = Math.min(PIECE, n - start);
    for (let i = 0; i < count; i++) draw(arrays, i);
    handles.forEach((handle, j) => {
      writeSync(handle, new Uint8Array(arrays[j].buffer, 0, count * arrays[j].BYTES_PER_ELEMENT));
    });
  }
  handles.forEach(closeSync);
}

const NOTHING = Buffer.alloc(0);

function npyHeader(n) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${n},), }`;
  const header = Buffer.alloc(128, ' ');
  header.write('\x93NUMPY\x01\x00', 0, 'latin1');
  header.writeUInt16LE(118, 8);
  header.write(text, 10, 'latin1');
  header[127] = 10;
  return header;
}

/** Real predictions and targets: target standard normal, prediction off by a normal error of 0.5. Float32. */
export function writePairs(folder, n, seed, { npy = false } = {}) {
  const normal = normals(seed);
  const [p, y] = ['p', 'y'].map((name) => join(folder, `${name}-${n}.${npy ? 'npy' : 'f32'}`));
  const header = npy ? npyHeader(n) : NOTHING;
  write(
    [
      [p, header, Float32Array],
      [y, header, Float32Array],
    ],
    n,
    ([ps, ys], i) => {
      ys[i] = normal();
      ps[i] = ys[i] + 0.5 * normal();
    },
  );
  return { p, y };
}

/** Logits of standard deviation 2 and labels drawn with the probability they state. Float32. */
export function writeBinary(folder, n, seed) {
  const normal = normals(seed);
  const uniform = uniforms(seed + 1);
  const [p, y] = ['z', 'label'].map((name) => join(folder, `${name}-${n}.f32`));
  write(
    [
      [p, NOTHING, Float32Array],
      [y, NOTHING, Float32Array],
    ],
    n,
    ([zs, ys], i) => {
      zs[i] = 2 * normal();
      ys[i] = uniform() < 1 / (1 + Math.exp(-zs[i])) ? 1 : 0;
    },
  );
  return { p, y };
}

/** Logits of standard deviation 2 (float32, rows x classes) and uniform class indices (int32). */
export function writeClasses(folder, rows, classes, seed) {
  const normal = normals(seed);
  const uniform = uniforms(seed + 1);
  const z = join(folder, `z-${rows}x${classes}.f32`);
  const t = join(folder, `t-${rows}x${classes}.i32`);
  write([[z, NOTHING, Float32Array]], rows * classes, ([zs], i) => {
    zs[i] = 2 * normal();
  });
  write([[t, NOTHING, Int32Array]], rows, ([ts], i) => {
    ts[i] = Math.floor(uniform() * classes);
  });
  return { z, t };
}
