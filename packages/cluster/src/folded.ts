import { randomBytes } from 'node:crypto';
import { RunSet } from './run-set.js';

const MAGIC = Buffer.from('LLMA');
const VERSION = 1;
const NONCE_BYTES = 8;
const HEAD_BYTES = MAGIC.length + 4 + NONCE_BYTES;

/**
 * A folded partial and the shards that are in it: one value, so that it is never known of one without the other.
 *
 * Bytes, little endian: magic "LLMA", u32 version, 8 random bytes, u32 number of runs, per run u32 first shard and u32 number of
 * shards, then the partial's bytes. Magic, version and the random bytes are its head, by which it is told from any other.
 */
export interface Folded {
  head: Buffer;
  shards: RunSet;
  partial: Uint8Array;
}

export function encodeFolded(shards: RunSet, partial: Uint8Array): { head: Buffer; bytes: Buffer } {
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.writeUInt32LE(VERSION, MAGIC.length);
  randomBytes(NONCE_BYTES).copy(head, MAGIC.length + 4);
  const runs = Buffer.alloc(4 + 8 * shards.runs.length);
  runs.writeUInt32LE(shards.runs.length);
  shards.runs.forEach(({ first, count }, i) => {
    runs.writeUInt32LE(first, 4 + 8 * i);
    runs.writeUInt32LE(count, 8 + 8 * i);
  });
  return { head, bytes: Buffer.concat([head, runs, partial]) };
}

/** null: it is of no form that this version knows. */
export function decodeFolded(bytes: Buffer): Folded | null {
  const isKnown =
    bytes.length >= HEAD_BYTES + 4 &&
    bytes.subarray(0, MAGIC.length).equals(MAGIC) &&
    bytes.readUInt32LE(MAGIC.length) === VERSION;
  if (!isKnown) return null;
  const start = HEAD_BYTES + 4;
  const end = start + 8 * bytes.readUInt32LE(HEAD_BYTES);
  if (end > bytes.length) return null;
  const shards = new RunSet();
  for (let at = start; at < end; at += 8) {
    const run = { first: bytes.readUInt32LE(at), count: bytes.readUInt32LE(at + 4) };
    if (shards.overlaps(run)) return null;
    shards.add(run);
  }
  return { head: bytes.subarray(0, HEAD_BYTES), shards, partial: bytes.subarray(end) };
}
