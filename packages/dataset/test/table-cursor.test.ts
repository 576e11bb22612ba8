import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { DescribedFile, FileRead, Format } from '../src/formats/format.js';
import { pinOf } from '../src/pin.js';
import { TableCursor } from '../src/table-cursor.js';
import type { TableFile } from '../src/table-data.js';
import type { Buffer as ColumnBuffer, Cursor, NumberBuffer } from '../src/types.js';
import { temporaryFolder } from './helpers/folder.js';

const folder = temporaryFolder();

/** Files whose row r of the table holds r, missing where `isMissing` says so. */
function tableOf(rows: number[]): TableFile[] {
  let start = 0;
  return rows.map((count, index) => {
    const path = folder.write(`${index}.table`, String(index));
    const located = { uri: path, path, bytes: statSync(path).size };
    const file = { ...located, ...pinOf(located), columns: [], rows: count, layout: start, fingerprint: '', start };
    start += count;
    return file;
  });
}

interface Log {
  opened: [start: number, end: number][];
  closed: number;
}

/** A format that waits for every call or for none. */
function countingFormat(waits: boolean, isMissing: (row: number) => boolean, log: Log): Format {
  const later = <Value>(value: Value) => (waits ? Promise.resolve().then(() => value) : value);
  const open = (file: DescribedFile, start: number, end: number): Cursor | Promise<Cursor> => {
    log.opened.push([start, end]);
    let row = (file.layout as number) + start;
    return later<Cursor>({
      bytesRead: 8 * (end - start),
      fill(rows, buffers) {
        for (const buffer of buffers) fillFrom(buffer, row, rows, isMissing);
        row += rows;
        return later(undefined) as undefined;
      },
      close() {
        log.closed += 1;
        return later(undefined) as undefined;
      },
    });
  };
  return { name: 'counting', textual: false, describe: () => ({ columns: [], rows: 0, layout: null }), open };
}

function fillFrom(buffer: ColumnBuffer, row: number, rows: number, isMissing: (row: number) => boolean): void {
  const places = Array.from({ length: rows }, (_, index) => index);
  if (buffer.as === 'text') {
    for (const place of places)
      buffer.codes[place] = isMissing(row + place) ? -1 : buffer.dictionary.code(String(row + place));
    return;
  }
  buffer.missing = places.filter((place) => isMissing(row + place)).length;
  for (const place of places) {
    const absent = isMissing(row + place);
    buffer.values.fill(absent ? Number.NaN : row + place, 2 * place, 2 * place + 2);
    if (buffer.missing > 0) buffer.present[place] = absent ? 0 : 1;
  }
}

const reads: FileRead[] = [{ column: 'x', as: 'f64', type: 'f64', width: 2 }];
const sizes = [3, 0, 4, 1, 0, 5];

it.each([false, true])('chains files and merges what is missing (waiting: %s)', async (waits) => {
  const isMissing = (row: number) => row === 4 || row === 12;
  for (const chunk of [1, 2, 5, 11]) {
    const log: Log = { opened: [], closed: 0 };
    const cursor = new TableCursor(countingFormat(waits, isMissing, log), tableOf(sizes), 1, 13, reads);
    for (let row = 1; row < 13; row += chunk) {
      const rows = Math.min(chunk, 13 - row);
      const buffer: NumberBuffer = {
        as: 'f64',
        values: new Float64Array(2 * chunk),
        present: new Uint8Array(chunk).fill(9),
        missing: 5,
      };
      const waiting = cursor.fill(rows, [buffer]);
      expect(waiting instanceof Promise).toBe(waits);
      await waiting;
      expectRows(buffer, row, rows, isMissing);
    }
    expect(log).toEqual({
      opened: [
        [1, 3],
        [0, 4],
        [0, 1],
        [0, 5],
      ],
      closed: 4,
    });
    expect(cursor.bytesRead).toBe(8 * 12);
    await cursor.close();
    expect(log.closed).toBe(4);
  }
});

function expectRows(buffer: NumberBuffer, row: number, rows: number, isMissing: (row: number) => boolean): void {
  const absent = Array.from({ length: rows }, (_, index) => isMissing(row + index));
  expect(buffer.missing).toBe(absent.filter(Boolean).length);
  if (buffer.missing > 0) expect([...buffer.present.subarray(0, rows)]).toEqual(absent.map((one) => (one ? 0 : 1)));
  const expected = absent.flatMap((one, index) => (one ? [Number.NaN, Number.NaN] : [row + index, row + index]));
  expect([...buffer.values.subarray(0, 2 * rows)]).toEqual(expected);
}

it('closes the file it is in when it is closed early', async () => {
  const log: Log = { opened: [], closed: 0 };
  const cursor = new TableCursor(
    countingFormat(false, () => false, log),
    tableOf(sizes),
    0,
    13,
    reads,
  );
  await cursor.fill(1, [{ as: 'f64', values: new Float64Array(2), present: new Uint8Array(1), missing: 0 }]);
  await cursor.close();
  await cursor.close();
  expect(log.closed).toBe(1);
});

it('says that a file is gone', () => {
  const files = tableOf([2]);
  const gone = [{ ...files[0], path: `${files[0].path}.gone` }];
  const cursor = new TableCursor(
    countingFormat(false, () => false, { opened: [], closed: 0 }),
    gone,
    0,
    2,
    reads,
  );
  const buffer: NumberBuffer = { as: 'f64', values: new Float64Array(4), present: new Uint8Array(2), missing: 0 };
  expect(() => cursor.fill(2, [buffer])).toThrowError(
    expect.objectContaining({ code: 'FILE_CHANGED', message: expect.stringContaining('it is gone') }),
  );
});
