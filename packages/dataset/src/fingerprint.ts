import { createHash } from 'node:crypto';
import type { DataFile } from './formats/format.js';
import { openLocalFile } from './storage/file.js';

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
    for (const [position, length] of samples(file.bytes)) hash.update(source.read(position, length));
  } finally {
    source.close();
  }
  return `sha256:${hash.digest('hex')}`;
}

function samples(bytes: number): [position: number, length: number][] {
  if (bytes <= 2 * edge + windows * windowBytes) return [[0, bytes]];
  const room = bytes - 2 * edge - windowBytes;
  const middle = Array.from({ length: windows }, (_, index): [number, number] => [
    edge + Math.floor((room * index) / (windows - 1)),
    windowBytes,
  ]);
  return [[0, edge], ...middle, [bytes - edge, edge]];
}
