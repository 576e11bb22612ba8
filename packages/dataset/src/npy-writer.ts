import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DataError } from './errors.js';
import { parseNpyHeader } from './formats/npy-header.js';
import { openLocalFile } from './storage/file.js';

/** Writes elements of an array file that is being made; several parts of one file may be open in several threads or processes. */
export interface NpyPart {
  /** Writes at an element offset (row * width for two dimensions). The values have the array's own type. */
  write(offset: number, values: Float32Array | Float64Array): void;
  /** What was written outlives a crash of the machine from now on. */
  sync(): Promise<void>;
  close(): void;
}

/** An array file that is being made. Until `finish` it stands under a temporary name; what is never written is 0. */
export interface NpyFile extends NpyPart {
  /** Give it to openNpyPart in other threads. */
  readonly tempPath: string;
  /** Makes the content durable and gives the file its name, replacing a file of that name. */
  finish(): void;
  /** Removes what was written. */
  abort(): void;
}

const largestWrite = 2 ** 30;
/** A link in place of the file is an error; Windows has no such flag. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/**
 * Creates a .npy file (version 1, little-endian, row-major) of its full size.
 * @param shape [rows] or [rows, width]
 * @throws DataError FILE_NOT_WRITABLE
 */
export function createNpyFile(path: string, dtype: 'f4' | 'f8', shape: readonly number[]): NpyFile {
  const header = npyHeader(dtype, shape);
  const count = shape.reduce((product, size) => product * size, 1);
  const tempPath = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const descriptor = attempt(path, () => openSync(tempPath, 'wx+'));
  const part = new OpenPart(path, descriptor, dtype, header.length, count);
  try {
    attempt(path, () => {
      writeSync(descriptor, header, 0, header.length, 0);
      ftruncateSync(descriptor, header.length + count * Number(dtype[1]));
    });
  } catch (error) {
    part.close();
    unlinkSync(tempPath);
    throw error;
  }
  return {
    tempPath,
    write: (offset, values) => part.write(offset, values),
    sync: () => part.sync(),
    close: () => part.close(),
    finish: () => finish(part, descriptor, tempPath, path),
    abort: () => {
      part.close();
      attempt(path, () => unlinkSync(tempPath));
    },
  };
}

/**
 * Makes the file of createNpyFile under a temporary name on which several processes have agreed; one that is there already keeps
 * what was written to it.
 * @param path what to call it in messages
 * @throws DataError FILE_NOT_WRITABLE
 */
export function ensureNpyPart(tempPath: string, dtype: 'f4' | 'f8', shape: readonly number[], path = tempPath): void {
  const header = npyHeader(dtype, shape);
  attempt(path, () => {
    const descriptor = openSync(tempPath, constants.O_RDWR | constants.O_CREAT | NO_FOLLOW, 0o666);
    try {
      writeSync(descriptor, header, 0, header.length, 0);
      ftruncateSync(descriptor, header.length + shape.reduce((product, size) => product * size, Number(dtype[1])));
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Opens the file of `createNpyFile(...).tempPath` for writing from another thread or process. */
export function openNpyPart(tempPath: string): NpyPart {
  const source = openLocalFile({ uri: tempPath, path: tempPath });
  let header: ReturnType<typeof parseNpyHeader>;
  try {
    const bytes = source.size();
    header = parseNpyHeader(source.read(0, Math.min(bytes, 4096)), bytes, tempPath);
  } finally {
    source.close();
  }
  const dtype = header.type === 'f32' ? 'f4' : 'f8';
  const descriptor = attempt(tempPath, () => openSync(tempPath, constants.O_RDWR | NO_FOLLOW));
  return new OpenPart(tempPath, descriptor, dtype, header.dataOffset, header.rows * (header.width ?? 1));
}

class OpenPart implements NpyPart {
  readonly #name: string;
  readonly #dtype: 'f4' | 'f8';
  readonly #dataOffset: number;
  readonly #count: number;
  #descriptor: number;

  constructor(name: string, descriptor: number, dtype: 'f4' | 'f8', dataOffset: number, count: number) {
    this.#name = name;
    this.#descriptor = descriptor;
    this.#dtype = dtype;
    this.#dataOffset = dataOffset;
    this.#count = count;
  }

  write(offset: number, values: Float32Array | Float64Array): void {
    if (values.BYTES_PER_ELEMENT !== Number(this.#dtype[1])) {
      throw new TypeError(`${this.#name} holds ${this.#dtype}, but ${values.BYTES_PER_ELEMENT}-byte values were given`);
    }
    if (!(Number.isSafeInteger(offset) && offset >= 0 && offset + values.length <= this.#count)) {
      throw new RangeError(
        `Elements [${offset}, ${offset + values.length}) lie outside the ${this.#count} of ${this.#name}`,
      );
    }
    const position = this.#dataOffset + offset * values.BYTES_PER_ELEMENT;
    for (let done = 0; done < values.byteLength; ) {
      const length = Math.min(largestWrite, values.byteLength - done);
      done += attempt(this.#name, () => writeSync(this.#descriptor, values, done, length, position + done));
    }
  }

  async sync(): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      fdatasync(this.#descriptor, (error) => (error ? reject(notWritable(this.#name, error)) : resolve())),
    );
  }

  close(): void {
    if (this.#descriptor < 0) return;
    closeSync(this.#descriptor);
    this.#descriptor = -1;
  }
}

/** A header of version 1; the data follows at once. */
export function npyHeader(dtype: 'f4' | 'f8', shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '<${dtype}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const header = Buffer.alloc(length, ' ');
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  header.writeUInt16LE(length - 10, 8);
  header.write(text, 10, 'latin1');
  header[length - 1] = 10;
  return header;
}

function finish(part: OpenPart, descriptor: number, tempPath: string, path: string): void {
  attempt(path, () => fsyncSync(descriptor));
  part.close();
  attempt(path, () => renameSync(tempPath, path));
  syncFolder(dirname(path));
}

/** The new name itself must survive a crash; where folders cannot be opened (Windows) the file system sees to it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function attempt<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw notWritable(path, error);
  }
}

const notWritable = (path: string, { message }: Error): DataError =>
  new DataError(
    'FILE_NOT_WRITABLE',
    `${path} cannot be written: ${message}. The folder must exist, be writable and have room.`,
    { source: path },
  );
