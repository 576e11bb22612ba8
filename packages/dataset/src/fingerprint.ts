import { createHash } from 'node:crypto';
import type { DataFile } from './formats/format.js';
import { openLocalFile } from './storage/file.js';
import type { ByteRange } from './storage/storage.js';

const edge = 65536;
const windowBytes = 4096;
const windows = 16;

/**
 * "sha256:..." over the size and sampled content of a file: the first and last 64 KiB and 16 evenly spaced windows of
 * 4 KiB between them; files up to 192 KiB are hashed whole. Equal on any machine that holds the same bytes.
 */
export function fingerprintFile(file: DataFile): string {
  const hash = createHash('sha256').update(`lossmill file 1\n${file.bytes}\n`);
  const source = openLocalFile(file);
  try {
    for (const [start, end] of sampledRanges(file.bytes)) hash.update(source.read(start, end - start));
  } finally {
    source.close();
  }
  return `sha256:${hash.digest('hex')}`;
}

/** What of a file of so many bytes its fingerprint is made of. */
export function sampledRanges(bytes: number): ByteRange[] {
  if (bytes <= 2 * edge + windows * windowBytes) return [[0, bytes]];
  const room = bytes - 2 * edge - windowBytes;
  const middle = Array.from({ length: windows }, (_, index): ByteRange => {
    const start = edge + Math.floor((room * index) / (windows - 1));
    return [start, start + windowBytes];
  });
  return [[0, edge], ...middle, [bytes - edge, bytes]];
}
