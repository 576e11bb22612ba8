import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createDictionary } from '../../src/dictionary.js';
import { DataError } from '../../src/errors.js';
import type { DataFile, DescribedFile, FileRead, Format } from '../../src/formats/format.js';
import type { Buffer as ColumnBuffer } from '../../src/types.js';

const folder = mkdtempSync(join(tmpdir(), 'lossmill-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function pathOf(name: string): string {
  return join(folder, name);
}

/** A file of the test folder, written first when content is given. Messages call it by its bare name. */
export function fileOf(name: string, content?: string | Uint8Array): DataFile {
  const path = pathOf(name);
  if (content !== undefined) writeFileSync(path, content);
  return { uri: name, path, bytes: statSync(path).size };
}

/** As a dataset does before it opens a file: the layout must survive JSON. */
export async function described(format: Format, file: DataFile): Promise<DescribedFile> {
  const description = await format.describe(file);
  return { ...file, ...(JSON.parse(JSON.stringify(description)) as typeof description) };
}

/** A value of each row: number, NaN, text, list of numbers, or null when missing. */
export type Value = number | string | number[] | null;

/** Rows [start, end) of a column, read in fills of the given sizes (the last one repeats). */
export async function valuesOf(
  format: Format,
  file: DescribedFile,
  read: { column: string; as: 'f32' | 'f64' | 'text'; type?: FileRead['type'] },
  range: readonly [number, number] = [0, file.rows],
  fills: readonly number[] = [1 << 20],
): Promise<Value[]> {
  const [values] = await columnsOf(format, file, [read], range, fills);
  return values;
}

export async function columnsOf(
  format: Format,
  file: DescribedFile,
  wanted: readonly { column: string; as: 'f32' | 'f64' | 'text'; type?: FileRead['type'] }[],
  [start, end]: readonly [number, number] = [0, file.rows],
  fills: readonly number[] = [1 << 20],
): Promise<Value[][]> {
  const reads = wanted.map((read): FileRead => {
    const column = file.columns.find((candidate) => candidate.name === read.column);
    if (column === undefined) throw new Error(`no column ${read.column}`);
    return { type: column.type, width: column.width, ...read };
  });
  const dictionaries = reads.map(() => createDictionary());
  const results = reads.map((): Value[] => []);
  const cursor = await format.open(file, start, end, reads);
  try {
    for (let row = start, turn = 0; row < end; turn++) {
      const rows = Math.min(fills[Math.min(turn, fills.length - 1)], end - row);
      const buffers = reads.map((read, at) => bufferOf(read, rows, dictionaries[at]));
      await cursor.fill(rows, buffers);
      for (let at = 0; at < reads.length; at++)
        append(results[at], buffers[at], rows, reads[at].width, dictionaries[at].values);
      row += rows;
    }
  } finally {
    await cursor.close();
  }
  return results;
}

function bufferOf(read: FileRead, rows: number, dictionary: ReturnType<typeof createDictionary>): ColumnBuffer {
  if (read.as === 'text') return { as: 'text', codes: new Int32Array(rows).fill(-7), dictionary };
  const size = rows * (read.width ?? 1);
  const values = read.as === 'f32' ? new Float32Array(size).fill(-7) : new Float64Array(size).fill(-7);
  return { as: read.as, values, present: new Uint8Array(rows).fill(7), missing: 99 };
}

function append(
  out: Value[],
  buffer: ColumnBuffer,
  rows: number,
  width: number | null,
  texts: readonly string[],
): void {
  for (let row = 0; row < rows; row++) {
    if (buffer.as === 'text') out.push(buffer.codes[row] < 0 ? null : texts[buffer.codes[row]]);
    else if (buffer.missing > 0 && buffer.present[row] === 0) out.push(null);
    else if (buffer.missing > 0 && buffer.present[row] !== 1) throw new Error('present holds neither 0 nor 1');
    else out.push(width === null ? buffer.values[row] : [...buffer.values.subarray(row * width, (row + 1) * width)]);
  }
}

/** The DataError an action throws. */
export async function failure(action: () => unknown): Promise<DataError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
