import { truncateSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsv, createTsv } from '../../src/formats/csv.js';
import type { Format } from '../../src/formats/format.js';
import { columnsOf, described, failure, fileOf, pathOf, valuesOf } from './one-file.js';

const csv = (await createCsv()) as Format;
const tsv = (await createTsv()) as Format;
const table = (content: string | Uint8Array, name = 'preds.csv') => described(csv, fileOf(name, content));
const failing = (content: string | Uint8Array) => failure(() => table(content));

describe('csv values', () => {
  it('reads a file with BOM, CRLF, quotes, quoted line ends, doubled quotes, inf, NaN and empty fields', async () => {
    const content = [
      '\ufeffp,label,"na""me"',
      '0.5,"a, b","line 1\r\nline 2"',
      '"1.25",c,"say ""hi"""',
      'inf,,x',
      '-Infinity,"",é',
      'NaN, d ,',
      ',e,"a"',
      '',
    ].join('\r\n');
    const file = await table(content);
    expect(file.rows).toBe(6);
    expect(file.columns.map(({ name, type }) => [name, type])).toEqual([
      ['p', 'f64'],
      ['label', 'string'],
      ['na"me', 'string'],
    ]);
    expect(await valuesOf(csv, file, { column: 'p', as: 'f64' })).toEqual([0.5, 1.25, Infinity, -Infinity, NaN, null]);
    expect(await valuesOf(csv, file, { column: 'label', as: 'text' })).toEqual(['a, b', 'c', null, null, ' d ', 'e']);
    expect(await valuesOf(csv, file, { column: 'na"me', as: 'text' })).toEqual([
      'line 1\r\nline 2',
      'say "hi"',
      'x',
      'é',
      null,
      'a',
    ]);
  });

  it('ends rows at LF, CRLF and CR, with or without one at the end of the file', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      for (const tail of ['', end, end + end]) {
        const file = await table(`a,b${end}1,2${end}3,4${tail}`);
        expect(
          await columnsOf(csv, file, [
            { column: 'a', as: 'f64' },
            { column: 'b', as: 'f32' },
          ]),
        ).toEqual([
          [1, 3],
          [2, 4],
        ]);
      }
    }
  });

  it('reads tab-separated files', async () => {
    const file = await described(tsv, fileOf('t.tsv', 'a\tb c\n1,5\t"x\ty"\n'));
    expect(await valuesOf(tsv, file, { column: 'a', as: 'text' })).toEqual(['1,5']);
    expect(await valuesOf(tsv, file, { column: 'b c', as: 'text' })).toEqual(['x\ty']);
  });

  it('ignores spaces around numbers and around unquoted names', async () => {
    const file = await table(' a , b\n 1 ,  2.5\n3," 4 "\n');
    expect(file.columns.map(({ type }) => type)).toEqual(['i64', 'f64']);
    expect(
      await columnsOf(csv, file, [
        { column: 'a', as: 'f64' },
        { column: 'b', as: 'f64' },
      ]),
    ).toEqual([
      [1, 3],
      [2.5, 4],
    ]);
  });

  it('gives numbers as text in one canonical form', async () => {
    const file = await table('i,f,b\n007,1.0,True\n+5,1e2,FALSE\n9007199254740993,-0.0,true\n');
    expect(file.columns.map(({ type }) => type)).toEqual(['i64', 'f64', 'bool']);
    expect(await valuesOf(csv, file, { column: 'i', as: 'text' })).toEqual(['7', '5', '9007199254740993']);
    expect(await valuesOf(csv, file, { column: 'f', as: 'text' })).toEqual(['1', '100', '0']);
    expect(await valuesOf(csv, file, { column: 'b', as: 'text' })).toEqual(['true', 'false', 'true']);
    expect(await valuesOf(csv, file, { column: 'b', as: 'f32' })).toEqual([1, 0, 1]);
    expect(await valuesOf(csv, file, { column: 'f', as: 'text', type: 'string' })).toEqual(['1.0', '1e2', '-0.0']);
  });

  it('keeps an unnamed first column, as pandas writes its index', async () => {
    const file = await table(',a\n0,1.5\n1,2.5\n');
    expect(file.columns.map(({ name }) => name)).toEqual(['', 'a']);
    expect(await valuesOf(csv, file, { column: 'a', as: 'f64' })).toEqual([1.5, 2.5]);
  });

  it('reads the empty lines of a one-column file as missing, except at the end', async () => {
    const file = await table('a\n1\n\n\n2\n\n\n');
    expect(await valuesOf(csv, file, { column: 'a', as: 'f64' })).toEqual([1, null, null, 2]);
    expect(await valuesOf(csv, file, { column: 'a', as: 'f64' }, [2, 4])).toEqual([null, 2]);
  });

  it('has no rows when there is only a header', async () => {
    for (const content of ['a,b', 'a,b\n', 'a,b\r\n\r\n']) {
      const file = await table(content);
      expect([file.rows, file.columns.map(({ empty }) => empty)]).toEqual([0, [true, true]]);
    }
  });

  it('reads a quoted field of several megabytes', async () => {
    const long = 'x,"\n'.repeat(1_000_000);
    const file = await table(`id,text\n1,"${long.replaceAll('"', '""')}"\n2,end\n`);
    expect(await valuesOf(csv, file, { column: 'text', as: 'text' })).toEqual([long, 'end']);
    expect(await valuesOf(csv, file, { column: 'id', as: 'f64' }, [1, 2])).toEqual([2]);
  });

  it('reads ten thousand columns', async () => {
    const names = Array.from({ length: 10_000 }, (_, at) => `c${at}`);
    const row = names.map((_, at) => at / 8).join(',');
    const file = await table(`${names.join(',')}\n${`${row}\n`.repeat(50)}`);
    expect(file.rows).toBe(50);
    expect(await valuesOf(csv, file, { column: 'c9999', as: 'f64' }, [48, 50])).toEqual([9999 / 8, 9999 / 8]);
  });
});

describe('csv types', () => {
  it('are decided by every value of the column, however late it comes', async () => {
    const file = await table(`p\n${'1\n'.repeat(200_000)}n/a\n`);
    expect(file.columns).toEqual([
      { name: 'p', type: 'string', width: null, notNumber: 'row 200,000: "n/a" is not a number' },
    ]);
  });

  it('are text when numbers and booleans mix, and a number when only missing values stand beside it', async () => {
    const file = await table('a,b,c\n1,,\ntrue,2,\n,,\n');
    expect(file.columns.map(({ type, empty }) => [type, empty])).toEqual([
      ['string', undefined],
      ['i64', undefined],
      ['f64', true],
    ]);
    expect(file.columns[0].notNumber).toBe('row 1: "true" is not a number');
  });
});

describe('csv faults', () => {
  it('names the row and the counts of a ragged row', async () => {
    const error = await failing('a,b\n1,2\n3\n');
    expect([error.code, error.where.row]).toEqual(['VALUE_INVALID', 1]);
    expect(error.message).toContain('preds.csv, row 1 has 1 field, but the header has 2 columns');
    expect((await failing('a,b\n1,2,3\n')).message).toContain('row 0 has 3 fields');
    expect((await failing('a,b\n1,2\n\n3,4\n')).message).toContain('row 1 is an empty line');
  });

  it('names the byte and the row of invalid UTF-8', async () => {
    const content = Buffer.from(`a,b\n${'1,é\n'.repeat(100_000)}2,\xe9\n`, 'utf8');
    const broken = Buffer.concat([content.subarray(0, -3), Buffer.from([0xe9, 10]), Buffer.from('3,x\n')]);
    const error = await failing(broken);
    expect([error.code, error.where.row]).toEqual(['TEXT_ENCODING', 100_000]);
    expect(error.message).toContain(`byte ${content.length - 3} (0xe9)`);
  });

  it('names UTF-16, compressed and binary files', async () => {
    expect((await failing(Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'))).message).toContain('UTF-16');
    expect((await failing(Buffer.from('a,b\n1,2\n', 'utf16le'))).code).toBe('TEXT_ENCODING');
    expect((await table('FEA1,BZh\n1,2\n')).rows).toBe(1);
    expect((await failing(Buffer.from([0x1f, 0x8b, 8, 0, 0]))).message).toContain('gzip');
    expect((await failing('PAR1\u0015\u0000PAR1')).message).toContain('Parquet');
  });

  it('refuses an empty file, an empty first line, unnamed columns and a file without a header', async () => {
    expect((await failing('')).message).toContain('empty (0 bytes)');
    expect((await failing('\na,b\n')).message).toContain('first line is empty');
    expect((await failing('a,,c\n1,2,3\n')).code).toBe('COLUMN_DUPLICATE');
    expect((await failing('0.25,1\n0.5,2\n')).message).toContain('Add a header line');
  });

  it('refuses a quote that is never closed and text after a closing quote', async () => {
    expect((await failing('a,b\n1,2\n3,"x\n4,5\n')).message).toMatch(
      /row 1 \(byte 8\): a quoted field is never closed/,
    );
    expect((await failing('a,b\n"x"y,2\n')).message).toContain('field 1 has text after its closing quote');
  });

  it('refuses a row longer than 64 MiB soon and in bounded memory', async () => {
    const file = fileOf('long.csv', `a\n${'9'.repeat(70 * 2 ** 20)}\n`);
    const error = await failure(() => described(csv, file));
    expect([error.code, error.where.row]).toEqual(['LIMIT_EXCEEDED', 0]);
  });

  it('notices a file that became shorter', async () => {
    const file = await table(`a,b\n${'1,2\n'.repeat(300_000)}`, 'short.csv');
    truncateSync(pathOf('short.csv'), 600_000);
    expect((await failure(() => valuesOf(csv, file, { column: 'b', as: 'f64' }))).code).toBe('FILE_CHANGED');
  });
});

describe('csv ranges', () => {
  it('read alone equal the same rows of the whole, whatever the cuts and the line ends', async () => {
    const cell = fc.oneof(
      fc.constant(''),
      fc.double().map(String),
      fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é'), maxLength: 8 }),
    );
    const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, fc.double(), cell), { maxLength: 60 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.tuple(fc.nat(60), fc.nat(60)),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        async (rows, end, cuts, fills) => {
          const lines = rows.map(([a, p, b]) => `${quote(a)},${p},${quote(b)}`);
          const file = await table(['a,p,b', ...lines].join(end));
          expect(file.rows).toBe(rows.length);
          const reads = [
            { column: 'b', as: 'text', type: 'string' },
            { column: 'p', as: 'f64' },
            { column: 'a', as: 'text', type: 'string' },
          ] as const;
          const text = (value: string) => (value.replaceAll(' ', '') === '' ? null : value);
          const whole = [
            rows.map(([, , b]) => text(b)),
            rows.map(([, p]) => Number(String(p))),
            rows.map(([a]) => text(a)),
          ];
          const [start, stop] = cuts.map((cut) => Math.min(cut, rows.length)).sort((x, y) => x - y);
          expect(await columnsOf(csv, file, reads, [start, stop], fills)).toEqual(
            whole.map((column) => column.slice(start, stop)),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('far into a file of several checkpoints are found', async () => {
    const rows = Array.from({ length: 250_000 }, (_, at) => `${at},"v${at % 7}\n",${at / 7}`);
    const file = await table(`id,v,x\n${rows.join('\n')}\n`);
    expect((file.layout as { steps: number[] }).steps.length).toBeGreaterThan(10);
    for (const start of [0, 1, 77_777, 131_072, 249_990]) {
      const ids = await valuesOf(csv, file, { column: 'id', as: 'f64' }, [start, start + 10], [3]);
      expect(ids).toEqual(Array.from({ length: 10 }, (_, at) => start + at));
    }
  });
});
