import type { NumberType } from '../../src/types.js';
import { npyOf } from './npy.js';

export interface TensorOptions {
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

/** Bytes of a safetensors file; `header` replaces the usual one, `length` the length that is written before it. */
export function safetensorsBytes(
  tensors: Record<string, TensorOptions>,
  { header, length, metadata }: { header?: string; length?: bigint; metadata?: Record<string, string> } = {},
): Buffer {
  let at = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
    const from = at;
    at += bytes.length;
    return [name, { dtype, shape, data_offsets: [from, at] }] as const;
  });
  const usual = { ...(metadata ? { __metadata__: metadata } : {}), ...Object.fromEntries(entries) };
  const text = Buffer.from(header ?? JSON.stringify(usual));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(length ?? BigInt(text.length));
  return Buffer.concat([start, text, ...Object.values(tensors).map(({ bytes }) => bytes)]);
}

const dtypes: Record<NumberType, string> = {
  f16: 'F16',
  bf16: 'BF16',
  f32: 'F32',
  f64: 'F64',
  i8: 'I8',
  i16: 'I16',
  i32: 'I32',
  i64: 'I64',
  u8: 'U8',
  u16: 'U16',
  u32: 'U32',
  u64: 'U64',
  bool: 'BOOL',
};

/** A tensor of row-major values (bits for f16 and bf16, bigint for 64-bit integers). */
export function tensorOf(type: NumberType, shape: number[], values: readonly (number | bigint)[]): TensorOptions {
  const array = npyOf({ type: type === 'bf16' ? 'u16' : type }, [values.length], values);
  const bytes = array.subarray(10 + array.readUInt16LE(8));
  return { dtype: dtypes[type], shape, bytes };
}
