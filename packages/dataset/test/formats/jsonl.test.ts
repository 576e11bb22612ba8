import { truncateSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Format } from '../../src/formats/format.js';
import { createJsonl } from '../../src/formats/jsonl.js';
import { columnsOf, described, failure, fileOf, pathOf, valuesOf } from './one-file.js';

const jsonl = (await createJsonl()) as Format;
const table = (content: string | Uint8Array, name = 'preds.jsonl') => described(jsonl, fileOf(name, content));
const lines = (...values: unknown[]) => table(values.map((value) => JSON.stringify(value)).join('\n'));
const failing = (content: string | Uint8Array) => failure(() => table(content));

describe('jsonl values', () => {
  it('reads numbers, booleans, text, lists and missing values', async () => {
    const file = await lines(
      { p: 0.5, ok: true, s: 'a"b\u00e9', l: [1, 2.5] },
      { p: 'NaN', ok: false, s: '', l: ['Infinity', 0], more: 1 },
      { s: null, l: [1, null] },
      { p: '-Infinity', ok: true, s: 'x\n', l: null },
    );
    expect(file.columns).toEqual([
      { name: 'p', type: 'f64', width: null },
      { name: 'ok', type: 'bool', width: null },
      { name: 's', type: 'string', width: null, notNumber: 'row 0: "a\\"b\u00e9" is not a number' },
      { name: 'l', type: 'f64', width: 2 },
      { name: 'more', type: 'i64', width: null },
    ]);
    expect(await valuesOf(jsonl, file, { column: 'p', as: 'f64' })).toEqual([0.5, NaN, null, -Infinity]);
    expect(await valuesOf(jsonl, file, { column: 'ok', as: 'f32' })).toEqual([1, 0, null, 1]);
    expect(await valuesOf(jsonl, file, { column: 'ok', as: 'text' })).toEqual(['true', 'false', null, 'true']);
    expect(await valuesOf(jsonl, file, { column: 's', as: 'text' })).toEqual(['a"b\u00e9', '', null, 'x\n']);
    expect(await valuesOf(jsonl, file, { column: 'l', as: 'f64' })).toEqual([[1, 2.5], [Infinity, 0], null, null]);
    expect(await valuesOf(jsonl, file, { column: 'more', as: 'f64' }, [1, 3])).toEqual([1, null]);
  });

  it('keeps every digit of whole numbers as text', async () => {
    const file = await table('{"id":1234567890123456789,"f":1.0}\n{"id":-5,"f":1e2}\n');
    expect(await valuesOf(jsonl, file, { column: 'id', as: 'text' })).toEqual(['1234567890123456789', '-5']);
    expect(await valuesOf(jsonl, file, { column: 'f', as: 'text' })).toEqual(['1', '100']);
    expect(await valuesOf(jsonl, file, { column: 'id', as: 'f64' })).toEqual([Number('1234567890123456789'), -5]);
  });

  it('tells a number from a string of the same characters in a mixed column', async () => {
    const file = await table('{"a":"1.0"}\n{"a":1.0}\n{"a":true}\n{"a":"1.0"}\n');
    expect(file.columns[0].notNumber).toBe('row 0: "1.0" is not a number');
    expect(await valuesOf(jsonl, file, { column: 'a', as: 'text' })).toEqual(['1.0', '1', 'true', '1.0']);
  });

  it('tolerates a byte order mark, CRLF, spaces and empty lines at the end', async () => {
    const file = await table('\ufeff {"a": 1 }\r\n\t{"a":2}\r\n\r\n  \n');
    expect(await valuesOf(jsonl, file, { column: 'a', as: 'f64' })).toEqual([1, 2]);
  });

  it('reads lists of booleans and keeps nested values out of the way', async () => {
    const file = await lines({ l: [true, false], o: { a: 1 }, e: [] }, { l: [false, false], o: { a: 2 }, e: [] });
    expect(file.columns.map(({ type, width }) => [type, width])).toEqual([
      ['bool', 2],
      ['string', null],
      ['string', null],
    ]);
    expect(await valuesOf(jsonl, file, { column: 'l', as: 'f32' })).toEqual([
      [1, 0],
      [0, 0],
    ]);
    const error = await failure(() => valuesOf(jsonl, file, { column: 'o', as: 'text' }));
    expect(error.message).toContain('row 0, column o: "{\\"a\\":1}" is not text or a number');
  });

  it('has no rows and no columns when there are only empty lines', async () => {
    expect((await table('\n\n')).rows).toBe(0);
  });
});

describe('jsonl faults', () => {
  it('names row, column and lengths of a ragged list, when it is read', async () => {
    const file = await lines({ l: [1, 2] }, { l: [1, 2, 3] });
    const error = await failure(() => valuesOf(jsonl, file, { column: 'l', as: 'f64' }));
    expect([error.code, error.where]).toEqual(['VALUE_INVALID', { source: 'preds.jsonl', row: 1, column: 'l' }]);
    expect(error.message).toContain("the list has 3 values, but the column's lists have 2");
  });

  it('names the row and the character of what is not JSON', async () => {
    const error = await failing('{"a":1}\n{"a":}\n');
    expect([error.code, error.where.row]).toEqual(['FILE_CORRUPT', 1]);
    expect(error.message).toContain('preds.jsonl, row 1 is not JSON at character 6: a value is expected, found "}"');
    expect((await failing('{"a":1}\n{"a":"x')).message).toContain('the string is never closed');
    expect((await failing('[{"a":1},\n{"a":2}]')).message).toContain('looks like one JSON array');
    expect((await failing('{"a":1}\n\n{"a":2}\n')).message).toContain('row 1 is an empty line');
    expect((await failing('{\n"a":1\n}\n')).message).toContain('row 0 is not JSON at character 2');
  });

  it('names encodings, empty files and other formats', async () => {
    expect((await failing(Buffer.from('{"a":1}\n{"a":"\xe9"}\n', 'latin1'))).message).toContain(
      'row 1: byte 14 (0xe9)',
    );
    expect((await failing(Buffer.from('\ufeff{"a":1}\n', 'utf16le'))).code).toBe('TEXT_ENCODING');
    expect((await failing('')).message).toContain('empty (0 bytes)');
    expect((await failing(Buffer.from([0x1f, 0x8b, 8, 0]))).code).toBe('UNSUPPORTED');
  });

  it('refuses a line longer than 64 MiB', async () => {
    const file = fileOf('long.jsonl', `{"a":"${'x'.repeat(70 * 2 ** 20)}"}\n`);
    expect((await failure(() => described(jsonl, file))).code).toBe('LIMIT_EXCEEDED');
  });

  it('notices a file that became shorter', async () => {
    const file = await table('{"a":1,"b":2}\n'.repeat(100_000), 'short.jsonl');
    truncateSync(pathOf('short.jsonl'), 700_000);
    expect((await failure(() => valuesOf(jsonl, file, { column: 'b', as: 'f64' }))).code).toBe('FILE_CHANGED');
  });
});

describe('jsonl ranges', () => {
  it('read alone equal the same rows of the whole, whatever the cuts', async () => {
    const row = fc.record(
      {
        p: fc.oneof(
          fc.double({ noNaN: true }).map((x) => (Number.isFinite(x) ? x : 1)),
          fc.constant(null),
        ),
        s: fc.string(),
        l: fc.tuple(fc.integer(), fc.integer()),
      },
      { requiredKeys: ['l'] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 50 }),
        fc.tuple(fc.nat(50), fc.nat(50)),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        async (rows, cuts, fills) => {
          const first = { p: 0.5, s: 'x', l: [0, 0] };
          const all = JSON.parse(JSON.stringify([first, ...rows])) as { p?: number; s?: string; l: number[] }[];
          const file = await lines(...all);
          const reads = [
            { column: 'l', as: 'f64' },
            { column: 's', as: 'text', type: 'string' },
            { column: 'p', as: 'f64' },
          ] as const;
          const whole = [all.map(({ l }) => l), all.map(({ s }) => s ?? null), all.map(({ p }) => p ?? null)];
          const [start, stop] = cuts.map((cut) => Math.min(cut, all.length)).sort((x, y) => x - y);
          const values = await columnsOf(jsonl, file, reads, [start, stop], fills);
          expect(values).toEqual(whole.map((column) => column.slice(start, stop)));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('far into a file of several checkpoints are found', async () => {
    const file = await table(Array.from({ length: 100_000 }, (_, at) => `{"id":${at},"text":"row ${at}"}`).join('\n'));
    expect((file.layout as { steps: number[] }).steps.length).toBeGreaterThan(4);
    for (const start of [0, 50_000, 99_990]) {
      const ids = await valuesOf(jsonl, file, { column: 'id', as: 'f64' }, [start, start + 10], [3]);
      expect(ids).toEqual(Array.from({ length: 10 }, (_, at) => start + at));
    }
  });
});
