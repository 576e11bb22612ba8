// Seeded data, written once to files that every program reads: all of them compute on the same bytes.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PIECE = 1 << 20;

/** xorshift32 pairs: uniform in (0, 1) with 32 bits, fast enough for 2^27 draws. */
export function uniforms(seed) {
  let x = Math.imul(seed, 0x9e3779b1) || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return ((x >>> 0) + 0.5) / 4294967296;
  };
}

/** Standard normal numbers by Box and Muller, two a draw. */
export function normals(seed) {
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

const ARRAYS = { f32: Float32Array, f64: Float64Array, i32: Int32Array };
const DESCR = { f32: '<f4', f64: '<f8', i32: '<i4' };

function npyHeader(type, shape) {
  const text = `{'descr': '${DESCR[type]}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const header = Buffer.alloc(128, ' ');
  header.write('\x93NUMPY\x01\x00', 0, 'latin1');
  header.writeUInt16LE(118, 8);
  header.write(text, 10, 'latin1');
  header[127] = 10;
  return header;
}

function openColumn(folder, name, [type, width, draw], rows, step, npy) {
  const file = join(folder, `${name}.${npy ? 'npy' : type}`);
  const handle = openSync(file, 'w');
  writeSync(handle, npy ? npyHeader(type, width === 1 ? [rows] : [rows, width]) : '');
  return { file, handle, type, width, draw, values: new ARRAYS[type](Math.min(rows, step) * width) };
}

/**
 * Writes `columns` ({ name: [type, width, draw] }) of `rows` rows, a file each, row by row: a draw may use what a column before it drew.
 * Returns { name: { file, type, length } }.
 */
export function writeColumns(folder, { rows, columns }, { npy = false } = {}) {
  const step = Math.max(1, Math.floor(PIECE / Math.max(...Object.values(columns).map(([, width]) => width))));
  const open = Object.entries(columns).map(([name, column]) => [
    name,
    openColumn(folder, name, column, rows, step, npy),
  ]);
  for (let start = 0; start < rows; start += step) {
    const count = Math.min(step, rows - start);
    for (let i = 0; i < count; i++) {
      for (const [, { width, draw, values }] of open) {
        for (let k = i * width; k < (i + 1) * width; k++) values[k] = draw();
      }
    }
    for (const [, { handle, width, values }] of open)
      writeSync(handle, new Uint8Array(values.buffer, 0, count * width * values.BYTES_PER_ELEMENT));
  }
  for (const [, { handle }] of open) closeSync(handle);
  return Object.fromEntries(open.map(([name, { file, type, width }]) => [name, { file, type, length: rows * width }]));
}
