type Values = readonly number[] | Uint8Array;

/** Bytes of a .npy file with this header text around `data`. */
export function npyWithHeader(header: string, data: Uint8Array = new Uint8Array(), version = 1): Buffer {
  const start = version === 1 ? 10 : 12;
  const length = Math.ceil((start + header.length + 1) / 64) * 64 - start;
  const head = Buffer.alloc(start + length, ' ');
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  if (version === 1) head.writeUInt16LE(length, 8);
  else head.writeUInt32LE(length, 8);
  head.write(header, start, 'latin1');
  head[head.length - 1] = 10;
  return Buffer.concat([head, data]);
}

export const npyHeader = (descr: string, shape: readonly number[]): string =>
  `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;

/** A .npy file of float64. */
export function npy(values: Values, shape: readonly number[] = [values.length]): Buffer {
  return npyWithHeader(npyHeader('<f8', shape), new Uint8Array(new Float64Array(values).buffer));
}
