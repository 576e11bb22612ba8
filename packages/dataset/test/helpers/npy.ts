import type { NumberType } from '../../src/types.js';

export interface NpyOptions {
  /** Type code with byte order, such as "<f4"; used as it is in the header. */
  descr: string;
  shape: number[];
  fortran?: boolean;
  version?: 1 | 2 | 3;
  /** The header's dictionary, instead of the usual one. */
  header?: string;
}

/** Bytes of a .npy file around `data`. */
export function npyBytes(options: NpyOptions, data: Uint8Array): Buffer {
  const { descr, shape, fortran = false, version = 1 } = options;
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const order = fortran ? 'True' : 'False';
  const text = options.header ?? `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${sizes}), }`;
  const start = version === 1 ? 10 : 12;
  const length = Math.ceil((start + text.length + 1) / 64) * 64 - start;
  const head = Buffer.alloc(start + length, ' ');
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  if (version === 1) head.writeUInt16LE(length, 8);
  else head.writeUInt32LE(length, 8);
  head.write(text, start, 'latin1');
  head[head.length - 1] = 10;
  return Buffer.concat([head, data]);
}

const codes: Record<NumberType, string> = {
  f16: 'f2',
  // As NumPy's ml_dtypes writes it: not readable.
  bf16: 'V2',
  f32: 'f4',
  f64: 'f8',
  i8: 'i1',
  i16: 'i2',
  i32: 'i4',
  i64: 'i8',
  u8: 'u1',
  u16: 'u2',
  u32: 'u4',
  u64: 'u8',
  bool: 'b1',
};

export interface Variant {
  type: NumberType;
  bigEndian?: boolean;
  fortran?: boolean;
  version?: 1 | 2 | 3;
}

/** A .npy file of row-major `values` (bits for f16, bigint for 64-bit integers) stored in the wanted variant. */
export function npyOf(variant: Variant, shape: number[], values: readonly (number | bigint)[]): Buffer {
  const { type, bigEndian = false, fortran = false, version } = variant;
  const code = codes[type];
  const size = Number(code[1]);
  const data = Buffer.alloc(values.length * size);
  const [rows, width = 1] = shape;
  values.forEach((value, index) => {
    const at = fortran ? (index % width) * rows + Math.floor(index / width) : index;
    writeElement(data, at * size, type, value, !bigEndian);
  });
  const order = size === 1 ? '|' : bigEndian ? '>' : '<';
  return npyBytes({ descr: `${order}${code}`, shape, fortran, version }, data);
}

function writeElement(data: Buffer, at: number, type: NumberType, value: number | bigint, little: boolean): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (type === 'f32') view.setFloat32(at, Number(value), little);
  else if (type === 'f64') view.setFloat64(at, Number(value), little);
  else if (type === 'i64' || type === 'u64') view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), little);
  else if (codes[type][1] === '4') view.setUint32(at, Number(value), little);
  else if (codes[type][1] === '2') view.setUint16(at, Number(value), little);
  else view.setUint8(at, Number(value));
}
