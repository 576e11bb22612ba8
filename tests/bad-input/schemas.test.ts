import { evaluation, type Refusal, refusals } from '../helpers/refusals.js';
import { writeParquet } from '../helpers/tables.js';

const tables = (wrong: string, files: Record<string, string>, ...says: (string | RegExp)[]): Refusal => ({
  wrong,
  files,
  args: evaluation(Object.keys(files)),
  says,
});
const parquets = (wrong: string, first: string, second: string, says: (string | RegExp)[], loss = 'mse'): Refusal => ({
  wrong,
  args: evaluation('*.parquet', loss),
  prepare: async (folder) => {
    await writeParquet(folder, 'a.parquet', first);
    await writeParquet(folder, 'b.parquet', second);
  },
  says: ['a.parquet', 'b.parquet', 'Evaluate them apart', ...says],
});

refusals('files that do not form one table', [
  tables(
    'a column that the second file lacks',
    { 'a.csv': 'p,y,w\n1,2,3\n', 'b.csv': 'p,y\n1,2\n' },
    'a.csv has a column "w", b.csv has not',
  ),
  tables(
    'a column that the first file lacks',
    { 'a.csv': 'p,y\n1,2\n', 'b.csv': 'p,y,w\n1,2,3\n' },
    'b.csv has a column "w", a.csv has not',
  ),
  tables(
    'text in the second file where the first has numbers',
    { 'a.csv': 'p,y\n1,2\n', 'b.csv': 'p,y\n1,2\n?,2\n' },
    '"p"',
    'b.csv, row 1',
    '"?" is not a number',
  ),
  tables(
    'a bad value in the second file, its rows counted from its own start',
    { 'a.csv': 'p,y\n1,2\n1,2\n', 'b.csv': 'p,y\n1,2\nnan,2\n' },
    'b.csv, row 1, column p: NaN',
    '1 of 4 rows',
  ),
  tables('a second file that is empty', { 'a.csv': 'p,y\n1,2\n', 'b.csv': '' }, 'b.csv', 'empty'),
  parquets('numbers and text', 'SELECT 1.0::DOUBLE p, 1 y', "SELECT 'a' p, 1 y", ['"p"', 'string', 'f64']),
  parquets('a number and a truth value', 'SELECT 1 p, 1 y', 'SELECT true p, 1 y', ['"p"', 'bool', 'no common type']),
  parquets(
    'lists of different length',
    'SELECT [1.0, 2.0] p, 1 y',
    'SELECT [1.0, 2.0, 3.0] p, 1 y',
    ['"p"', 'lists of 2', 'lists of 3'],
    'cross_entropy',
  ),
  parquets('a list and a number', 'SELECT [1.0, 2.0] p, 1 y', 'SELECT 1.0 p, 1 y', ['"p"', 'single values']),
  parquets('other names', 'SELECT 1 p, 1 y', 'SELECT 1 p, 1 z', [/"y"|"z"/]),
]);
