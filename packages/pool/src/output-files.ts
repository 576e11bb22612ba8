import { closeSync, mkdirSync, openSync, readSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  assembleObject,
  DataError,
  dropNpyPart,
  ensureNpyPart,
  openNpyPart,
  type Piece,
  publishNpyPart,
  S3Objects,
} from '@lossmill/dataset';
import type { OutputFile, OutputPlan } from './output-types.js';

const PIECE = 8 * 2 ** 20;

/** Makes the folders, and the parts that are files, at their full size; those that are there keep what they hold. */
export function makeParts({ files }: OutputPlan): void {
  for (const folder of new Set(files.map(({ part }) => dirname(part)))) makeFolder(folder);
  for (const { part, path, type, shape } of files) ensureNpyPart(part, type, shape, path);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(
      'FILE_NOT_WRITABLE',
      `${folder}: cannot be made a folder for the output (${why}). Name a folder that can be written.`,
      { source: folder },
    );
  }
}

/** Makes the part durable and gives it the file's name; it stays under its own name too, until it is dropped. */
export async function publishPart({ part, target }: OutputFile): Promise<void> {
  const open = openNpyPart(part);
  try {
    await open.sync();
  } finally {
    open.close();
  }
  publishNpyPart(part, target);
}

/** Removes parts and, as far as they are empty, the folders that were made for them. */
export function dropParts({ files, folders }: OutputPlan): void {
  for (const { part } of files) dropNpyPart(part);
  for (const folder of folders.toReversed()) {
    try {
      rmdirSync(folder);
    } catch {
      // Somebody has put something into it, or removed it.
    }
  }
}

/** Writes a local file as an object. */
export async function uploadPart({ target }: OutputFile, path: string, signal?: AbortSignal): Promise<void> {
  const { size } = statSync(path);
  const pieces: Piece[] = [];
  for (let at = 0; at < size; at += PIECE) {
    const bytes = Math.min(PIECE, size - at);
    pieces.push({ bytes, read: async () => bytesOf(path, at, bytes) });
  }
  await assembleObject(new S3Objects(), target, pieces, { signal });
}

function bytesOf(path: string, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const descriptor = openSync(path, 'r');
  try {
    for (let done = 0; done < length; ) {
      const read = readSync(descriptor, bytes, done, length - done, position + done);
      if (read === 0) throw new Error(`${path} ended at byte ${position + done}`);
      done += read;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}
