import { npy } from '../helpers/npy.js';
import { arrays, evaluation, type Refusal, refusals } from '../helpers/refusals.js';

/** A csv file of these columns p and y (and w), one row a line. */
const rows = (
  wrong: string,
  content: string,
  loss: string,
  flags: string[],
  ...says: (string | RegExp)[]
): Refusal => ({
  wrong,
  files: { 'a.csv': content },
  args: evaluation('a.csv', loss, ...flags),
  says: ['a.csv, row', ...says],
});
const probabilities = ['--input', 'probabilities'];

refusals('values without a loss', [
  rows('NaN as prediction', 'p,y\n1,2\nnan,2\n', 'mse', [], 'row 1, column p: NaN is not a number', '1 of 2 rows'),
  rows(
    'a missing prediction',
    'p,y\n1,2\n1,2\n,2\n',
    'mse',
    [],
    'row 2, column p: the value is missing',
    '--bad-rows skip',
  ),
  rows('NaN as target', 'p,y\n1,nan\n', 'mse', [], 'row 0, column y: NaN is not a number'),
  rows('a missing target', 'p,y\n1,\n', 'mse', [], 'row 0, column y: the value is missing'),
  rows(
    'a probability just above 1',
    'p,y\n0.5,1\n1.0000001,1\n2,0\n',
    'bce',
    probabilities,
    'row 1, column p: 1.0000001 is not a probability (0 … 1)',
    '2 of 3 rows are like this',
    '--bad-rows skip',
    '--input logits',
  ),
  rows('a negative probability', 'p,y\n-0.25,1\n', 'bce', probabilities, 'row 0, column p: -0.25 is not a probability'),
  rows('a target of 2 for bce', 'p,y\n0.5,2\n', 'bce', [], 'row 0, column y: 2', '0 … 1'),
  rows('a target of -1 for bce', 'p,y\n0.5,1\n0.5,-1\n', 'bce', [], 'row 1, column y: -1', '0 … 1'),
  rows(
    'a negative weight',
    'p,y,w\n1,2,1\n1,2,-0.5\n',
    'mse',
    ['--weight', 'w'],
    'row 1, column w: -0.5',
    'at least 0',
  ),
  rows('a missing weight', 'p,y,w\n1,2,\n', 'mse', ['--weight', 'w'], 'row 0, column w: the value is missing'),
  rows('an infinite weight', 'p,y,w\n1,2,inf\n', 'mse', ['--weight', 'w'], 'row 0, column w: Infinity', 'finite'),
  rows('NaN as weight', 'p,y,w\n1,2,nan\n', 'mse', ['--weight', 'w'], 'row 0, column w: NaN', 'weight'),
  rows(
    'large row numbers, written with separators',
    `p,y\n${'1,2\n'.repeat(12_345)}nan,2\n`,
    'mse',
    [],
    'row 12,345, column p',
    '1 of 12,346 rows is like this',
  ),
]);

const classes = (wrong: string, csv: string, loss: string, flags: string[], ...says: (string | RegExp)[]): Refusal => ({
  wrong,
  files: { 'a.csv': csv },
  args: ['eval', 'a.csv', '--pred', 'a,b,c', '--target', 'y', '--loss', loss, ...flags],
  says,
});

refusals('class targets', [
  classes('a class index too high', 'a,b,c,y\n1,2,3,2\n1,2,3,3\n', 'cross_entropy', [], 'row 1, column y: 3', '0 … 2'),
  classes('a negative class index', 'a,b,c,y\n1,2,3,-100\n', 'cross_entropy', [], 'column y: -100', 'ignore_index'),
  classes('a class index with a fraction', 'a,b,c,y\n1,2,3,0.5\n', 'cross_entropy', [], 'column y: 0.5', '0 … 2'),
  classes(
    'a missing class',
    'a,b,c,y\n1,2,3,\n1,2,3,1\n',
    'cross_entropy',
    [],
    'row 0, column y: the value is missing',
  ),
  classes(
    'a class nobody named',
    'a,b,c,y\n1,2,3,cat\n1,2,3,cow\n',
    'cross_entropy',
    ['--classes', 'cat,dog,eel'],
    'row 1, column y: "cow" is not one of the classes (cat, dog, eel)',
  ),
  classes(
    'more classes than predictions',
    'a,b,c,y\n1,2,3,k\n1,2,3,l\n1,2,3,m\n1,2,3,n\n',
    'cross_entropy',
    [],
    '--target: "y" has 4 distinct values (k, l, m, n)',
    '3 classes',
  ),
  classes('NaN among the logits', 'a,b,c,y\n1,2,3,0\n1,nan,3,0\n', 'cross_entropy', [], 'row 1, column b: NaN'),
  classes('a missing logit', 'a,b,c,y\n1,2,,0\n', 'cross_entropy', [], 'row 0, column c: the value is missing'),
  classes(
    'a class probability above 1',
    'a,b,c,y\n0.1,0.2,1.5,0\n',
    'cross_entropy',
    probabilities,
    'row 0, column c: 1.5 is not a probability',
  ),
  classes('a positive log-probability', 'a,b,c,y\n-1,-2,0.5,0\n', 'nll', [], 'row 0, column c: 0.5', /log/),
  {
    wrong: 'NaN inside an array of logits',
    files: { 'p.npy': npy([1, 2, 3, Number.NaN], [2, 2]), 'y.npy': npy([0, 1]) },
    args: arrays('p.npy', 'y.npy', 'cross_entropy'),
    says: ['p.npy, row 1, column prediction[1]: NaN'],
  },
  {
    wrong: 'a class index too high in an array file',
    files: { 'p.npy': npy([1, 2, 3, 4], [2, 2]), 'y-0.npy': npy([0]), 'y-1.npy': npy([2]) },
    args: arrays('p.npy', 'y-*.npy', 'cross_entropy'),
    says: ['y-1.npy, row 0, column target: 2', '0 … 1'],
  },
]);

refusals('too much', [
  {
    wrong: 'more slices than are kept',
    files: { 'a.csv': `p,y,id\n${Array.from({ length: 12_000 }, (_, row) => `1,2,${row}\n`).join('')}` },
    args: evaluation('a.csv', 'mse', '--by', 'id'),
    says: ['id', 'more than 10,000 distinct values', 'with fewer'],
  },
]);
