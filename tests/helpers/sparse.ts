import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { npyHeader, npyWithHeader } from './npy.js';

/** Writes `head`, then grows the file to `bytes` without writing: what is not written is zero and takes no room. */
export function sparseFile(folder: string, name: string, head: Uint8Array, bytes: number): string {
  const path = join(folder, name);
  const descriptor = openSync(path, 'w');
  writeSync(descriptor, head);
  ftruncateSync(descriptor, bytes);
  closeSync(descriptor);
  return path;
}

/** A .npy file of zeros of any size. */
export function zerosNpy(folder: string, name: string, descr: '<f8' | '<f4' | '|i1', shape: readonly number[]): string {
  const head = npyWithHeader(npyHeader(descr, shape));
  const elements = shape.reduce((product, size) => product * size, 1);
  return sparseFile(folder, name, head, head.length + elements * Number(descr[2]));
}
