import { createDictionary } from '../../src/dictionary.js';
import type { Buffer as ColumnBuffer, ColumnRead, Dataset, NumberBuffer } from '../../src/types.js';

/** Buffers for `rows` rows of the reads. */
export function buffersFor(dataset: Dataset, reads: readonly ColumnRead[], rows: number): ColumnBuffer[] {
  return reads.map((read) => {
    if (read.as === 'text') return { as: 'text', codes: new Int32Array(rows), dictionary: createDictionary() };
    const width = dataset.description.columns.find((column) => column.name === read.column)?.width ?? 1;
    const values = read.as === 'f32' ? new Float32Array(rows * width) : new Float64Array(rows * width);
    return { as: read.as, values, present: new Uint8Array(rows).fill(7), missing: -1 };
  });
}

/** The rows [start, end) of one column: numbers (null where the row is missing) or texts, read in fills of `chunk` rows. */
export async function readColumn(
  dataset: Dataset,
  column: string,
  as: ColumnRead['as'],
  [start, end]: readonly [number, number] = [0, dataset.description.rows],
  chunk = 7,
): Promise<(number | string | null)[]> {
  const reads = [{ column, as }];
  const cursor = await dataset.cursor(start, end, reads);
  const out: (number | string | null)[] = [];
  const buffers = buffersFor(dataset, reads, chunk);
  try {
    for (let done = start; done < end; done += chunk) {
      const rows = Math.min(chunk, end - done);
      await cursor.fill(rows, buffers);
      for (const value of takeRows(buffers[0], rows)) out.push(value);
    }
  } finally {
    await cursor.close();
  }
  return out;
}

function takeRows(buffer: ColumnBuffer, rows: number): (number | string | null)[] {
  if (buffer.as === 'text') {
    return Array.from(buffer.codes.subarray(0, rows), (code) => (code < 0 ? null : buffer.dictionary.values[code]));
  }
  const width = buffer.values.length / buffer.present.length;
  checkMissing(buffer, rows, width);
  return Array.from(buffer.values.subarray(0, rows * width), (value, index) =>
    buffer.missing > 0 && buffer.present[Math.floor(index / width)] === 0 ? null : value,
  );
}

/** What NumberBuffer promises about missing rows. */
function checkMissing(buffer: NumberBuffer, rows: number, width: number): void {
  if (buffer.missing === 0) return;
  let missing = 0;
  for (let row = 0; row < rows; row++) {
    if (buffer.present[row] === 1) continue;
    missing += 1;
    if (buffer.present[row] !== 0) throw new Error(`present[${row}] is ${buffer.present[row]}`);
    if (!buffer.values.subarray(row * width, (row + 1) * width).every(Number.isNaN)) {
      throw new Error(`Row ${row} is missing but holds numbers`);
    }
  }
  if (missing !== buffer.missing) throw new Error(`${missing} rows are missing, but ${buffer.missing} were counted`);
}
