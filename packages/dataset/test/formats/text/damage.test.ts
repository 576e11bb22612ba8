import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsv, createTsv } from '../../../src/formats/csv.js';
import type { Format } from '../../../src/formats/format.js';
import { createJsonl } from '../../../src/formats/jsonl.js';
import { columnsOf, described, fileOf } from '../one-file.js';

/** Describes any bytes and reads every column; only a DataError may stop it. Returns the rows, or null when refused. */
async function digest(format: Format, content: Uint8Array): Promise<number | null> {
  try {
    const file = await described(format, fileOf('any.txt', content));
    const reads = file.columns.map(({ name, type, width }) => ({
      column: name,
      as: type === 'string' || (width === null && file.rows % 2) ? ('text' as const) : ('f64' as const),
    }));
    const values = await columnsOf(format, file, reads, [0, file.rows], [3]);
    for (const column of values) expect(column.length).toBe(file.rows);
    const half = file.rows >> 1;
    expect(await columnsOf(format, file, reads, [half, file.rows])).toEqual(values.map((column) => column.slice(half)));
    return file.rows;
  } catch (error) {
    expect(error).toMatchObject({ name: 'DataError' });
    return null;
  }
}

const csvText = fc
  .string({ unit: fc.constantFrom(...'a1.5,\t"\n\r -eé'), maxLength: 60 })
  .map((text) => Buffer.from(text));
const jsonText = fc
  .array(
    fc.constantFrom(
      '{',
      '}',
      '{"a":',
      '"b"',
      ':',
      ',',
      '[1,2]',
      '1',
      '-0.5',
      '"x"',
      '{"a":1}',
      '\n',
      '{"a":[1,2]}\n',
      '{"b":"é","a":null}\n',
      ' ',
      'true',
    ),
    { maxLength: 30 },
  )
  .map((parts) => Buffer.from(parts.join('')));

describe('any bytes', () => {
  it.each([
    ['csv', createCsv, csvText],
    ['tsv', createTsv, csvText],
    ['jsonl', createJsonl, jsonText],
    ['csv', createCsv, fc.uint8Array({ maxLength: 80 })],
    ['jsonl', createJsonl, fc.uint8Array({ maxLength: 80 })],
  ])('are read as %s, or refused with a DataError', async (_name, create, content) => {
    const format = await create();
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        // Duplicate names are the table's to refuse; columns are then found by the first of them.
        await digest(format, bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('cut off anywhere give the rows before the cut, or a DataError', async () => {
    const csv = await createCsv();
    const whole = Buffer.from('a,b\n1,"x\ny"\n2,z\n3,"q"""\n');
    for (let length = 0; length <= whole.length; length++) {
      const rows = await digest(csv, whole.subarray(0, length));
      expect(rows === null || rows <= 3).toBe(true);
    }
    expect(await digest(csv, whole)).toBe(3);
  });
});
