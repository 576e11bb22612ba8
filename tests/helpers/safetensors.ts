/** Bytes of a safetensors file: name -> dtype, shape, values. */
export function safetensors(
  tensors: Record<string, [dtype: string, shape: number[], values: ArrayBufferView]>,
): Buffer {
  const header: Record<string, object> = {};
  let at = 0;
  for (const [name, [dtype, shape, { byteLength }]] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [at, at + byteLength] };
    at += byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const bodies = Object.values(tensors).map(([, , { buffer, byteOffset, byteLength }]) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  return Buffer.concat([length, text, ...bodies]);
}
