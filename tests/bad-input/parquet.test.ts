import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { evaluation, type Refusal, refusals } from '../helpers/refusals.js';
import { writeParquet } from '../helpers/tables.js';

const plain = 'SELECT i::DOUBLE AS p, (i * 2)::DOUBLE AS y FROM range(5000) t(i)';

/** A Parquet file of this query, damaged afterwards. */
const parquet = (
  wrong: string,
  query: string,
  damage: (path: string) => void,
  says: (string | RegExp)[],
  loss = 'mse',
  ...more: string[]
): Refusal => ({
  wrong,
  args: evaluation('a.parquet', loss, ...more),
  prepare: async (folder) => damage(await writeParquet(folder, 'a.parquet', query, ', COMPRESSION zstd')),
  says: ['a.parquet', ...says],
});
const unharmed = (): void => {};

const cut =
  (bytes: (size: number) => number) =>
  (path: string): void =>
    truncateSync(path, bytes(readFileSync(path).length));

const overwrite =
  (start: (size: number) => number, length: number) =>
  (path: string): void => {
    const content = readFileSync(path);
    const at = start(content.length);
    for (let k = 0; k < length; k++) content[at + k] ^= 0xa5;
    writeFileSync(path, content);
  };

refusals('parquet files that are damaged', [
  parquet(
    'one cut off inside the magic',
    plain,
    cut(() => 3),
    [/Parquet/],
  ),
  parquet(
    'one of its magic alone',
    plain,
    cut(() => 4),
    [/Parquet|cut off/],
  ),
  parquet(
    'one cut off inside the data',
    plain,
    cut((size) => size >> 1),
    [/cut off|footer|PAR1/],
  ),
  parquet(
    'one cut off inside the footer',
    plain,
    cut((size) => size - 60),
    [/cut off|footer|PAR1/],
  ),
  parquet(
    'one cut off inside the last magic',
    plain,
    cut((size) => size - 2),
    [/cut off|footer|PAR1/],
  ),
  parquet(
    'one with a damaged footer',
    plain,
    overwrite((size) => size - 120, 60),
    [/footer|damaged|cannot be read/],
  ),
  parquet(
    'one with an impossible footer length',
    plain,
    overwrite((size) => size - 8, 4),
    [/footer|length|cut off/],
  ),
  parquet(
    'one with a damaged page',
    plain,
    overwrite(() => 60, 400),
    [/cannot be read|damaged|corrupt/i],
  ),
  parquet(
    'one with another first magic',
    plain,
    overwrite(() => 0, 4),
    ['does not begin with PAR1'],
  ),
  {
    wrong: 'garbage between two magics',
    files: { 'a.parquet': Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(200, 7), Buffer.from('PAR1')]) },
    args: evaluation('a.parquet'),
    says: ['a.parquet', /footer|cannot be read/],
  },
]);

refusals('parquet columns', [
  parquet(
    'a ragged list',
    'SELECT CASE WHEN i = 3 THEN [1.0] ELSE [1.0, 2.0] END AS p, 0 AS y FROM range(10) t(i)',
    unharmed,
    ['row 3', 'p', '1', '2'],
    'cross_entropy',
  ),
  parquet(
    'a null among the predictions',
    'SELECT CASE WHEN i = 4 THEN NULL ELSE 0.5 END AS p, 0 AS y FROM range(10) t(i)',
    unharmed,
    ['row 4', 'column p', 'the value is missing', '1 of 10 rows', '--bad-rows skip'],
  ),
  parquet(
    'a null inside a list',
    'SELECT CASE WHEN i = 2 THEN [1.0, NULL] ELSE [1.0, 2.0] END AS p, 0 AS y FROM range(10) t(i)',
    unharmed,
    ['row 2', 'column p: the value is missing', '--bad-rows skip'],
    'cross_entropy',
  ),
  parquet('a struct', "SELECT {'a': 1.0} AS p, 0 AS y", unharmed, ['p', /STRUCT|struct/]),
  parquet('a map', 'SELECT MAP {1: 2.0} AS p, 0 AS y', unharmed, ['p', /MAP|map/]),
  parquet('a date as prediction', "SELECT DATE '2026-11-22' AS p, 0 AS y", unharmed, ['p', /DATE|text/, 'number']),
]);
