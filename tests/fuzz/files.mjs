// Bytes of files that no package of ours writes: .npy, .npz, safetensors.
import { crc32, deflateRawSync } from 'node:zlib';

const codes = new Map([
  [Float32Array, ['<f4', 'F32']],
  [Float64Array, ['<f8', 'F64']],
  [Int8Array, ['|i1', 'I8']],
  [Uint8Array, ['|u1', 'U8']],
  [Uint16Array, ['<f2', 'F16']],
  [Int32Array, ['<i4', 'I32']],
  [BigInt64Array, ['<i8', 'I64']],
]);

const bytesOf = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

export function npy(array, shape, { fortran = false, descr = codes.get(array.constructor)[0] } = {}) {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${sizes}), }`;
  const head = Buffer.alloc(Math.ceil((11 + text.length) / 64) * 64, ' ');
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  head.writeUInt16LE(head.length - 10, 8);
  head.write(text, 10, 'latin1');
  head[head.length - 1] = 10;
  return Buffer.concat([head, bytesOf(array)]);
}

/** `tensors`: name -> [array, shape, dtype?]. */
export function safetensors(tensors) {
  const header = { __metadata__: { format: 'pt' } };
  let at = 0;
  for (const [name, [array, shape, dtype = codes.get(array.constructor)[1]]] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [at, at + array.byteLength] };
    at += array.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...Object.values(tensors).map(([array]) => bytesOf(array))]);
}

/** A zip archive with right checksums, stored or deflated. */
export function zip(members, deflate) {
  const parts = [];
  const entries = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const body = deflate ? deflateRawSync(content) : content;
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(title.length, 22);
    const entry = Buffer.alloc(16);
    entry.writeUInt32LE(offset, 12);
    entries.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, entry.subarray(2), title);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title, body]);
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(members).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}
