import { evaluation, type Refusal, refusals } from '../helpers/refusals.js';
import { writeParquet } from '../helpers/tables.js';

const csv = 'id,yhat,label,region,weight\n7,0.5,1,eu,1\n8,0.25,0,us,2\n';
const names = Array.from({ length: 10_000 }, (_, column) => `feature_${column}`);

const table = (wrong: string, flags: Record<string, string>, ...says: (string | RegExp)[]): Refusal => ({
  wrong,
  files: { 'a.csv': csv },
  args: [
    'eval',
    'a.csv',
    ...Object.entries({ '--pred': 'yhat', '--target': 'label', '--loss': 'mse', ...flags }).flat(),
  ],
  says,
});

refusals('columns by name', [
  table(
    'a prediction column that is not there',
    { '--pred': 'score' },
    '--pred: no column "score" in a.csv',
    'yhat (f64)',
  ),
  table('a near miss, with the column that is meant', { '--pred': 'yhatt' }, '"yhatt"', 'Did you mean "yhat"?'),
  table('a name in other case', { '--target': 'Label' }, '--target', '"Label"', 'Did you mean "label"?'),
  table('a weight column that is not there', { '--weight': 'w' }, '--weight', 'no column "w"', 'weight (i64)'),
  table('an id column that is not there', { '--id': 'row' }, '--id', 'no column "row"', 'id (i64)'),
  table('a slice column that is not there', { '--by': 'regoin' }, '--by', 'Did you mean "region"?'),
  table('a cross with a column that is not there', { '--by': 'region,device' }, '--by', 'no column "device"'),
  {
    wrong: 'a missing column among 10,000, without listing them all',
    files: { 'a.csv': `${names.join(',')}\n${names.map(() => '1').join(',')}\n` },
    args: ['eval', 'a.csv', '--pred', 'feature_10000', '--target', 'feature_1', '--loss', 'mse'],
    says: ['"feature_10000"', 'feature_19 (i64), and 9980 more', 'Did you mean "feature_1000"?'],
  },
  {
    wrong: 'two columns of one name',
    files: { 'a.csv': 'p,y,p\n1,2,3\n' },
    args: evaluation('a.csv'),
    says: ['a.csv', 'two columns', '"p"', 'Rename one'],
  },
  {
    wrong: 'a column without a name where names are asked',
    files: { 'a.csv': ',y\n1,2\n' },
    args: evaluation('a.csv'),
    says: ['a.csv', '"p"'],
  },
]);

const query = "SELECT [0.1, 0.2, 0.7] AS logits, 1 AS label, 0.5 AS score, 'eu' AS region, [1.0, 2.0] AS pair";
const lists = (wrong: string, args: readonly string[], ...says: (string | RegExp)[]): Refusal => ({
  wrong,
  args: ['eval', 'preds.parquet', ...args],
  prepare: async (folder) => {
    await writeParquet(folder, 'preds.parquet', query);
  },
  says,
});
const roles = (pred: string, target: string, loss: string, ...more: string[]): string[] => [
  '--pred',
  pred,
  '--target',
  target,
  '--loss',
  loss,
  ...more,
];

refusals('columns of lists and of single values', [
  lists(
    'a near miss of a list column, with what it would be good for',
    roles('logit', 'label', 'bce'),
    '--pred: no column "logit" in preds.parquet',
    'logits (list of f64, 3)',
    'Did you mean "logits"?',
    '"logits" has 3 values a row: bce wants one; cross_entropy takes 3 classes.',
  ),
  lists('a list where one value is wanted', roles('logits', 'label', 'bce'), '3 values a row: bce wants one'),
  lists('a list for a regression', roles('logits', 'label', 'mse'), '"logits" has 3 values a row: mse wants one'),
  lists('one value where a list is wanted', roles('score', 'label', 'cross_entropy'), '"score" has one value a row'),
  lists('a list as regression target', roles('score', 'logits', 'mse'), '--target', '"logits" has 3 values a row'),
  lists('probabilities of other classes', roles('logits', 'pair', 'cross_entropy'), '--target', '2', '3 classes'),
  lists('a list as weight', roles('score', 'label', 'mse', '--weight', 'pair'), '--weight', '"pair" has 2 values'),
  lists('a list as slice', roles('score', 'label', 'mse', '--by', 'pair'), '--by', '"pair" has 2 values a row'),
  lists('a list as id', roles('score', 'label', 'mse', '--id', 'pair'), '--id', '"pair" has 2 values a row'),
  lists('a list among class columns', roles('score,pair', 'label', 'cross_entropy'), '--pred', '"pair" has 2 values'),
  lists('class columns for one value', roles('score,label', 'label', 'mse'), '--pred', '2 columns', 'mse wants one'),
  lists('text as prediction', roles('region', 'label', 'mse'), 'region', /text|string/, /number/),
  lists('text as regression target', roles('score', 'region', 'mse'), 'region', /text|string/, /number/),
  lists('text as weight', roles('score', 'label', 'mse', '--weight', 'region'), 'region', /text|string/, /number/),
  lists(
    'class weights of another number',
    roles('logits', 'label', 'cross_entropy:class_weight=1|2'),
    'class_weight has 2 weights',
    '3 classes',
  ),
  lists(
    'classes of another number',
    roles('logits', 'label', 'cross_entropy', '--classes', 'a,b'),
    '--classes',
    '2 classes',
    '3',
  ),
  lists(
    'text classes that are fewer than the predictions',
    roles('logits', 'region', 'cross_entropy'),
    '--target',
    '"region" has 1 distinct values (eu)',
    '3 classes',
    '--classes A,B',
  ),
]);
