import { copyFileSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Format } from '../../src/formats/format.js';
import { createParquet } from '../../src/formats/parquet.js';
import { columnsOf, described, failure, fileOf, pathOf, valuesOf } from './one-file.js';
import { oracle, writeParquet } from './parquet-writer.js';

const parquet = (await createParquet()) as Format;
afterAll(() => parquet.close?.());

const every = `SELECT (i * 0.5)::FLOAT AS f32, sqrt(i) AS f64, (i - 100)::TINYINT AS i8, (i * -160)::SMALLINT AS i16,
  (i * -70000)::INTEGER AS i32, i * -5000000001 AS i64, i::UTINYINT AS u8, (i * 300)::USMALLINT AS u16,
  (i * 20000000)::UINTEGER AS u32, i::UBIGINT * 90000000000000000::UBIGINT AS u64, i % 3 = 0 AS b,
  [i / 4, i]::FLOAT[] AS l32, [i, i + 1, 2 * i]::BIGINT[] AS l64, ['x' || i % 7, 'a text of more than twelve ' || i % 7][1 + i % 2] AS s
  FROM range(200) t(i)`;

describe('parquet values', () => {
  it.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'lz4_raw', 'brotli'])(
    'of every number type are read with codec %s',
    async (codec) => {
      const file = await described(parquet, await writeParquet(`${codec}.parquet`, every, `COMPRESSION ${codec}`));
      expect(file.rows).toBe(200);
      const types = file.columns.map(({ type, width }) => (width === null ? type : `${type} x ${width}`));
      const numbers = ['f32', 'f64', 'i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64'];
      expect(types).toEqual([...numbers, 'bool', 'f32 x 2', 'i64 x 3', 'string']);
      const values = await columnsOf(
        parquet,
        file,
        file.columns.slice(0, 13).map(({ name }) => ({ column: name, as: 'f64' })),
      );
      const at = (i: number) => [
        i * 0.5,
        Math.sqrt(i),
        i - 100,
        i * -160,
        i * -70000,
        i * -5000000001,
        i,
        i * 300,
        i * 20000000,
        i * 90000000000000000,
        i % 3 === 0 ? 1 : 0,
        [i / 4, i],
        [i, i + 1, 2 * i],
      ];
      const positive = (value: number | number[]) => (Array.isArray(value) ? value.map((x) => x + 0) : value + 0);
      for (let column = 0; column < 13; column++) {
        expect(values[column]).toEqual(Array.from({ length: 200 }, (_, i) => positive(at(i)[column])));
      }
      const texts = await valuesOf(parquet, file, { column: 's', as: 'text' });
      expect(texts).toEqual(
        Array.from({ length: 200 }, (_, i) => (i % 2 ? `a text of more than twelve ${i % 7}` : `x${i % 7}`)),
      );
    },
  );

  it('that are null are missing: numbers, text, lists and list elements', async () => {
    const query = `SELECT * FROM (VALUES (1.5, 'a', [1.0, 2.0], 1::BIGINT), (NULL, NULL, NULL, NULL), ('NaN'::DOUBLE, '', [3.0, NULL], 2), (4, 'é', [5.0, 6.0], NULL)) t(x, s, l, i)`;
    const file = await described(parquet, await writeParquet('nulls.parquet', query));
    expect(await valuesOf(parquet, file, { column: 'x', as: 'f64' })).toEqual([1.5, null, NaN, 4]);
    expect(await valuesOf(parquet, file, { column: 'x', as: 'f32' }, [1, 3], [1])).toEqual([null, NaN]);
    expect(await valuesOf(parquet, file, { column: 's', as: 'text' })).toEqual(['a', null, '', 'é']);
    expect(await valuesOf(parquet, file, { column: 'l', as: 'f64' })).toEqual([[1, 2], null, null, [5, 6]]);
    expect(await valuesOf(parquet, file, { column: 'i', as: 'text' })).toEqual(['1', null, '2', null]);
  });

  it('of decimals are rounded once, as Number rounds their text', async () => {
    const texts = ['0.1', '12345678901234567.8901234567', '-0.0000000003', '99999999999999999999.9999999999', '2.5'];
    const rows = texts.map(
      (text) =>
        `('${text}'::DECIMAL(38,10), '${text}'::DECIMAL(38,10)::DECIMAL(30,4)::DECIMAL(30,4), 1.25::DECIMAL(9,3))`,
    );
    const file = await described(
      parquet,
      await writeParquet('decimal.parquet', `SELECT * FROM (VALUES ${rows}) t(a, b, c)`),
    );
    expect(file.columns.map(({ type }) => type)).toEqual(['f64', 'f64', 'f64']);
    expect(await valuesOf(parquet, file, { column: 'a', as: 'f64' })).toEqual(texts.map(Number));
    expect(await valuesOf(parquet, file, { column: 'c', as: 'text' })).toEqual(texts.map(() => '1.25'));
  });

  it('as text have one canonical form; dates, times and others are text', async () => {
    const query = `SELECT 1.0::DOUBLE AS d, 0.1::FLOAT AS f, true AS b, 9007199254740993 AS i, DATE '2020-02-29' AS day,
      TIMESTAMP '2020-01-01 01:02:03' AS at, TIMESTAMPTZ '2020-01-01 01:02:03+02' AS tz, 'x'::ENUM('y', 'x') AS e, 'a'::BLOB AS raw`;
    const file = await described(parquet, await writeParquet('texts.parquet', query));
    const reads = file.columns.map(({ name }) => ({ column: name, as: 'text' }) as const);
    const row = (await columnsOf(parquet, file, reads)).map(([value]) => value);
    expect(row).toEqual([
      '1',
      '0.1',
      'true',
      '9007199254740993',
      '2020-02-29',
      '2020-01-01 01:02:03',
      '2019-12-31 23:02:03+00',
      'x',
      'a',
    ]);
    expect(file.columns[4]).toEqual({
      name: 'day',
      type: 'string',
      width: null,
      notNumber: 'its Parquet type is DATE',
    });
  });

  it('in columns whose names differ in case only, or hide the row number, are found', async () => {
    const query = 'SELECT i AS pp, i * 2 AS zz, i * 3 AS file_row_number, i * 4 AS "a""b" FROM range(5000) t(i)';
    const { path } = await writeParquet('names.parquet', query);
    const bytes = readFileSync(path).toString('latin1').replaceAll('zz', 'PP');
    const file = await described(parquet, fileOf('case.parquet', Buffer.from(bytes, 'latin1')));
    expect(file.columns.map(({ name }) => name)).toEqual(['pp', 'PP', 'file_row_number', 'a"b']);
    const reads = file.columns.map(({ name }) => ({ column: name, as: 'f64' }) as const);
    expect(await columnsOf(parquet, file, reads, [3000, 3002])).toEqual([
      [3000, 3001],
      [6000, 6002],
      [9000, 9003],
      [12000, 12004],
    ]);
  });

  it('in a file whose path looks like a glob or a partition are its own', async () => {
    const plain = await writeParquet('plain.parquet', 'SELECT 1 AS x');
    mkdirSync(pathOf('k=1'));
    for (const name of ["a[1]*?'.parquet", 'k=1/a.parquet']) {
      copyFileSync(plain.path, pathOf(name));
      const file = await described(parquet, fileOf(name));
      expect(file.columns.map(({ name: column }) => column)).toEqual(['x']);
      expect(await valuesOf(parquet, file, { column: 'x', as: 'f64' })).toEqual([1]);
    }
  });
});

describe('parquet lists', () => {
  it('of every kind of number are read, and fixed arrays as well', async () => {
    const query = `SELECT [i / 4, -i]::DECIMAL(9,2)[] AS d, [i / 4, i]::DECIMAL(30,12)[] AS wide, [i % 2 = 0, true] AS b, [i, i + 1]::UTINYINT[] AS u,
      [i * 0.5, i]::DOUBLE[2] AS fixed, [i]::BIGINT[] AS one FROM range(100) t(i)`;
    const file = await described(parquet, await writeParquet('lists.parquet', query));
    expect(file.columns.map(({ type, width }) => [type, width])).toEqual([
      ['f64', 2],
      ['f64', 2],
      ['bool', 2],
      ['u8', 2],
      ['f64', 2],
      ['i64', 1],
    ]);
    const reads = file.columns.map(({ name }) => ({ column: name, as: 'f64' }) as const);
    const row = [[10.25, -41], [10.25, 41], [0, 1], [41, 42], [20.5, 41], [41]];
    expect(await columnsOf(parquet, file, reads, [41, 42])).toEqual(row.map((values) => [values]));
  });

  it('of thousands of numbers are read, whatever memory one vector of them takes', async () => {
    const query = 'SELECT list_transform(range(40000), lambda x: (x * i % 97)::FLOAT) AS l FROM range(300) t(i)';
    const file = await described(parquet, await writeParquet('vocabulary.parquet', query, 'COMPRESSION zstd'));
    expect(file.columns[0].width).toBe(40_000);
    const [row] = await valuesOf(parquet, file, { column: 'l', as: 'f32' }, [250, 251]);
    expect(row).toEqual(Array.from({ length: 40_000 }, (_, x) => (x * 250) % 97));
  });
});

describe('parquet ranges', () => {
  it('read alone equal the same rows of the whole, across row groups and whatever the fills', async () => {
    const query = `SELECT i, (i % 97)::FLOAT AS x, CASE WHEN i % 5 = 0 THEN NULL ELSE 'group ' || (i % 11) || repeat('!', i % 9) END AS s,
      CASE WHEN i % 7 = 0 THEN NULL ELSE [i, -i]::DOUBLE[] END AS l FROM range(20000) t(i)`;
    const file = await described(parquet, await writeParquet('groups.parquet', query, 'ROW_GROUP_SIZE 2048'));
    const reads = [
      { column: 's', as: 'text' },
      { column: 'i', as: 'f64' },
      { column: 'l', as: 'f32' },
      { column: 'x', as: 'text' },
    ] as const;
    const whole = await columnsOf(parquet, file, reads);
    expect(whole[1]).toEqual(Array.from({ length: 20000 }, (_, i) => i));
    expect(whole[2][8]).toEqual([8, -8]);
    const cut = fc.nat(20000);
    await fc.assert(
      fc.asyncProperty(
        cut,
        cut,
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 4 }),
        async (a, b, fills) => {
          const range = [Math.min(a, b), Math.max(a, b)] as const;
          expect(await columnsOf(parquet, file, reads, range, fills)).toEqual(
            whole.map((column) => column.slice(...range)),
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it('read by two cursors at once do not disturb each other', async () => {
    const file = await described(parquet, await writeParquet('two.parquet', 'SELECT i FROM range(10000) t(i)'));
    const read = { column: 'i', as: 'f64' } as const;
    const both = await Promise.all([
      valuesOf(parquet, file, read, [0, 9000], [100]),
      valuesOf(parquet, file, read, [5000, 10000], [77]),
    ]);
    expect(both.map((values) => [values[0], values.length])).toEqual([
      [0, 9000],
      [5000, 5000],
    ]);
  });

  it('of a file without rows are empty', async () => {
    const file = await described(
      parquet,
      await writeParquet('none.parquet', `SELECT 1.5 AS x, 'a' AS s, [1.0] AS l WHERE false`),
    );
    expect([file.rows, file.columns.map(({ empty }) => empty)]).toEqual([0, [true, true, true]]);
    expect(await valuesOf(parquet, file, { column: 'x', as: 'f64' })).toEqual([]);
  });
});

describe('parquet distinct values', () => {
  it('are all of them over all files, sorted, or null beyond the limit', async () => {
    const make = async (name: string, from: number) =>
      described(
        parquet,
        await writeParquet(
          name,
          `SELECT nullif(i % 12, 3) AS i, 'g' || (i % 12) AS s, (i % 4) / 8 AS f, i % 2 = 0 AS b FROM range(${from}, ${from + 40}) t(i)`,
        ),
      );
    const files = [await make('d1.parquet', 0), await make('d2.parquet', 7)];
    const distinct = (column: string, type: 'i64' | 'f64' | 'string' | 'bool', limit: number) =>
      parquet.distinct?.(files, { column, as: 'text', type, width: null }, limit);
    expect(await distinct('i', 'i64', 100)).toEqual(['0', '1', '2', '4', '5', '6', '7', '8', '9', '10', '11']);
    expect(await distinct('s', 'string', 12)).toEqual([
      'g0',
      'g1',
      'g10',
      'g11',
      'g2',
      'g3',
      'g4',
      'g5',
      'g6',
      'g7',
      'g8',
      'g9',
    ]);
    expect(await distinct('f', 'f64', 4)).toEqual(['0', '0.125', '0.25', '0.375']);
    expect(await distinct('b', 'bool', 2)).toEqual(['false', 'true']);
    expect(await distinct('s', 'string', 11)).toBeNull();
  });
});

describe('parquet faults', () => {
  it('name file, row, column and lengths of a ragged list', async () => {
    const query = 'SELECT CASE WHEN i = 4321 THEN [1.0] ELSE [1.0, 2.0] END AS l FROM range(5000) t(i)';
    const file = await described(parquet, await writeParquet('ragged.parquet', query));
    const error = await failure(() => valuesOf(parquet, file, { column: 'l', as: 'f64' }, [4000, 5000]));
    expect([error.code, error.where]).toEqual(['VALUE_INVALID', { source: 'ragged.parquet', row: 4321, column: 'l' }]);
    expect(error.message).toContain("row 4,321, column l: the list has 1 value, but the column's lists have 2");
  });

  it('name the type of a column that cannot be used, and only when it is used', async () => {
    const file = await described(
      parquet,
      await writeParquet('nested.parquet', `SELECT 1 AS x, {'a': 1} AS o, ['t'] AS l, [[1]] AS n, MAP {'k': 1} AS m`),
    );
    expect(await valuesOf(parquet, file, { column: 'x', as: 'f64' })).toEqual([1]);
    for (const [column, type] of [
      ['o', 'STRUCT(a INTEGER)'],
      ['l', 'VARCHAR[]'],
      ['n', 'INTEGER[][]'],
      ['m', 'MAP(VARCHAR, INTEGER)'],
    ]) {
      const error = await failure(() => valuesOf(parquet, file, { column, as: 'text' }));
      expect([error.code, error.message.includes(type)], error.message).toEqual(['UNSUPPORTED', true]);
    }
  });

  it('are told apart: empty, text, cut off, encrypted, no footer', async () => {
    const { path } = await writeParquet('good.parquet', every);
    const good = readFileSync(path);
    const fault = async (content: Uint8Array | string) =>
      (await failure(() => described(parquet, fileOf('bad.parquet', content)))).message;
    expect(await fault('')).toContain('is empty (0 bytes)');
    expect(await fault('a,b\n1,2\n')).toContain('does not begin with PAR1');
    expect(await fault(good.subarray(0, good.length - 9))).toContain('is cut off');
    expect(await fault('PAR1')).toContain('is cut off');
    expect(await fault(Buffer.concat([Buffer.from('PARE'), good.subarray(4)]))).toContain('encrypted');
    expect(await fault(Buffer.concat([good.subarray(0, 500), good.subarray(-8)]))).toContain('is cut off');
    expect(
      await fault(
        Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(500, 7), Buffer.from([100, 0, 0, 0]), Buffer.from('PAR1')]),
      ),
    ).toContain('reading the Parquet footer failed');
  });

  it('inside the data are a DataError with the place, never a crash or a wrong success', async () => {
    const { path } = await writeParquet(
      'fuzz.parquet',
      'SELECT hash(i) AS h, (hash(i) % 1000)::VARCHAR AS s, sqrt(i) AS x FROM range(3000) t(i)',
      'COMPRESSION zstd',
    );
    const good = readFileSync(path);
    const file = await described(parquet, fileOf('damaged.parquet', good));
    for (const at of [100, 1000, 5000, 10000, 20000]) {
      const damaged = Buffer.from(good);
      damaged.fill(0xa5, at, at + 64);
      fileOf('damaged.parquet', damaged);
      try {
        const reads = [
          { column: 'h', as: 'f64' },
          { column: 's', as: 'text' },
          { column: 'x', as: 'f64' },
        ] as const;
        const values = await columnsOf(parquet, file, reads);
        expect(values.map(({ length }) => length)).toEqual([3000, 3000, 3000]);
      } catch (error) {
        expect(error).toMatchObject({ name: 'DataError', code: 'FILE_CORRUPT' });
        expect((error as Error).message).toMatch(/^damaged\.parquet: reading rows from 0 on failed[^\n]*$/);
      }
    }
  });

  it('of truncation anywhere are a DataError', async () => {
    const { path } = await writeParquet('whole.parquet', every);
    const good = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: good.length - 1 }), async (length) => {
        const file = fileOf('part.parquet', good.subarray(0, length));
        expect((await failure(() => described(parquet, file))).code).toBe('FILE_CORRUPT');
      }),
      { numRuns: 100 },
    );
  });

  it('name text that is not UTF-8', async () => {
    const data = await writeParquet(
      'latin.parquet',
      `SELECT 'stra' || 'sse QQ' AS s FROM range(10)`,
      'COMPRESSION uncompressed',
    );
    const broken = readFileSync(data.path).toString('latin1').replaceAll('QQ', '\xdf\xe9');
    const content = Buffer.from(broken, 'latin1');
    const file = await described(parquet, fileOf('latin.parquet', content));
    expect((await failure(() => valuesOf(parquet, file, { column: 's', as: 'text' }))).code).toBe('TEXT_ENCODING');
  });

  it('that end a stream early are named by their cause', async () => {
    const query = 'SELECT hash(i) AS h FROM range(500000) t(i)';
    const data = await writeParquet('tail.parquet', query, 'ROW_GROUP_SIZE 10240, COMPRESSION zstd');
    const file = await described(parquet, data);
    const damaged = readFileSync(data.path);
    damaged.fill(0, 3_600_000, 3_700_000);
    fileOf('tail.parquet', damaged);
    const error = await failure(() => valuesOf(parquet, file, { column: 'h', as: 'f64' }));
    expect(error.code).toBe('FILE_CORRUPT');
    expect(error.message).toMatch(
      /^tail\.parquet: reading rows from [1-9]\d+,\d+ on failed, .* DuckDB says: .*\. Write or copy it again\.$/,
    );
    const read = { column: 'h', as: 'text', type: 'u64', width: null } as const;
    expect((await failure(() => parquet.distinct?.([file], read, 1e6))).code).toBe('FILE_CORRUPT');
  });

  it('of a file that shrinks after it was described are a DataError', async () => {
    const file = await described(
      parquet,
      await writeParquet('shrinks.parquet', 'SELECT hash(i) AS h FROM range(100000) t(i)'),
    );
    truncateSync(pathOf('shrinks.parquet'), 300_000);
    expect((await failure(() => valuesOf(parquet, file, { column: 'h', as: 'f64' }))).code).toBe('FILE_CORRUPT');
  });
});

describe('parquet text', () => {
  it('of few long values is the same when it is read by levels, with nulls, quotes and new values on the way', async () => {
    const query = `SELECT CASE WHEN i % 10 = 3 THEN NULL WHEN i > 30000 THEN 'a value that comes late: ' || i % 3
      ELSE 'it''s a "long" group name, number ' || (i * 7) % 50 END AS s, CASE WHEN i % 2 = 0 THEN '' ELSE 'another quite long name ' || i % 300 END AS t, i
      FROM range(40000) t(i)`;
    const data = await writeParquet('levels.parquet', query, 'ROW_GROUP_SIZE 10000');
    const file = await described(parquet, data);
    const connection = await oracle();
    const [s, t] = (await connection.runAndReadAll(`SELECT s, t FROM '${data.path}'`)).getColumnsJS();
    connection.closeSync();
    const reads = [
      { column: 't', as: 'text' },
      { column: 'i', as: 'f64' },
      { column: 's', as: 'text' },
    ] as const;
    const read = await columnsOf(parquet, file, reads, [0, 40000], [1000, 70, 5000]);
    expect(read[1]).toEqual(Array.from({ length: 40000 }, (_, i) => i));
    expect(read[2]).toEqual(s);
    expect(read[0]).toEqual(t);
    expect((await columnsOf(parquet, file, reads, [12345, 39999], [9000]))[2]).toEqual(s.slice(12345, 39999));
  });

  it('of short and long, many and few different strings equals what DuckDB says', async () => {
    const query = `SELECT repeat(chr(97 + (i % 26)::INTEGER), (i % 30)::INTEGER) || CASE WHEN i % 3 = 0 THEN (hash(i) % 500)::VARCHAR ELSE 'ü' END AS s FROM range(50000) t(i)`;
    const data = await writeParquet('many.parquet', query, 'ROW_GROUP_SIZE 10000');
    const file = await described(parquet, data);
    const connection = await oracle();
    const expected = (await connection.runAndReadAll(`SELECT s FROM '${data.path}'`)).getColumnsJS()[0];
    connection.closeSync();
    expect(await valuesOf(parquet, file, { column: 's', as: 'text' })).toEqual(expected);
  });
});
