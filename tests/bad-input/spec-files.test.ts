import { evaluation, type Refusal, refusals } from '../helpers/refusals.js';

const files = { 'a.csv': 'p,y,w\n0.5,1,1\n0.25,0,2\n' };
const good = {
  version: 1,
  data: { files: ['a.csv'] },
  columns: { prediction: 'p', target: 'y' },
  losses: ['mse'],
};

const deep = '['.repeat(200_000) + ']'.repeat(200_000);

/** A spec file of this text. */
const text = (wrong: string, content: string | Uint8Array, ...says: (string | RegExp)[]): Refusal => ({
  wrong,
  files: { ...files, 'spec.json': content },
  args: ['eval', '--spec', 'spec.json'],
  bare: true,
  says,
});

/** The good spec with these fields instead. */
const fields = (wrong: string, instead: object, ...says: (string | RegExp)[]): Refusal =>
  text(wrong, JSON.stringify({ ...good, ...instead }), ...says);

refusals('spec files', [
  text('a spec that is not JSON', '{"version": 1,}', 'spec.json is not JSON', 'position'),
  text('an empty spec', '', 'spec.json', 'is not JSON'),
  text('a spec that is not UTF-8', new Uint8Array([0x7b, 0xff, 0xfe]), 'spec.json is not UTF-8'),
  text('a spec that is a list', '[]', 'found []', 'an object is wanted'),
  text('a spec that is null', 'null', 'found null', 'an object is wanted'),
  text('a spec nested 200,000 deep', deep, 'found a value nested too deeply', 'an object is wanted'),
  text(
    'inline values nested 200,000 deep',
    JSON.stringify({ ...good, data: { inline: { p: ['?'], y: [1] } } }).replace('"?"', deep),
    '"p"',
    'row 0',
  ),
  {
    wrong: 'a spec that is a folder',
    files: { 'spec.json/': '' },
    args: ['eval', '--spec', 'spec.json'],
    bare: true,
    says: ['--spec spec.json', 'folder'],
  },
  {
    wrong: 'a spec that is not there',
    args: ['eval', '--spec', 'spec.json'],
    bare: true,
    says: ['--spec spec.json', 'no such file'],
  },
  {
    wrong: 'a .jsonl file without specs',
    files: { 'specs.jsonl': '\n\n' },
    args: ['eval', '--spec', 'specs.jsonl'],
    bare: true,
    says: ['--spec specs.jsonl is empty', 'Each line'],
  },
  {
    wrong: 'a spec and a flag that belongs into it',
    files: { ...files, 'spec.json': JSON.stringify(good) },
    args: ['eval', '--spec', 'spec.json', '--bad-rows', 'skip'],
    bare: true,
    says: ['--bad-rows has no place', 'Put it into spec.json'],
  },
  {
    wrong: 'a spec and files',
    files: { ...files, 'spec.json': JSON.stringify(good) },
    args: ['eval', 'a.csv', '--spec', 'spec.json'],
    bare: true,
    says: ['a.csv', 'Put it into spec.json'],
  },
  {
    wrong: 'one page for many specs',
    files: { ...files, 'specs.jsonl': `${JSON.stringify(good)}\n` },
    args: ['eval', '--spec', 'specs.jsonl', '--html', 'page.html'],
    bare: true,
    says: ['--html', '.jsonl'],
  },
]);

refusals('fields of a spec', [
  fields('an unknown key, with the nearest one', { badrows: 'skip' }, 'badrows', 'Did you mean "badRows"?'),
  fields('an unknown key below another', { data: { files: ['a.csv'], sheet: 1 } }, 'data.sheet', 'format'),
  fields('another version', { version: 2 }, 'version', 'found 2', '1 is allowed'),
  fields('a version as text', { version: '1' }, 'version', 'found "1"'),
  fields('no losses', { losses: [] }, 'losses', 'at least 1'),
  fields('losses that are no list', { losses: 'mse' }, 'losses', 'found "mse"', 'a list is wanted'),
  fields('a loss that is a number', { losses: [7] }, 'losses[0]', 'found 7', 'loss name'),
  fields('a loss without a name', { losses: [{ delta: 1 }] }, 'losses[0]', 'name'),
  fields('no target', { columns: { prediction: 'p' } }, 'columns.target', 'found nothing'),
  fields('a worst that is a text', { worst: 'all' }, 'worst', 'found "all"', 'a number'),
  fields('a worst with a fraction', { worst: 1.5 }, 'worst', 'found 1.5', 'whole number'),
  fields('a confidence of 1', { confidence: 1 }, 'confidence', 'found 1', 'below 1'),
  fields('a shard of no rows', { shard: { rows: 0 } }, 'spec.json: shard.rows', 'found 0', 'at least 1'),
  fields('a shard in rows and bytes', { shard: { rows: 1, bytes: 1 } }, 'shard', '{ "rows": N } or { "bytes": N }'),
  fields('an unknown gradient', { gradient: 'all' }, 'gradient', 'found "all"', '"summary"'),
  fields('rows without an output', { rows: true }, 'rows', 'found true', 'object'),
  fields('slices that are no list', { slices: 'w' }, 'slices', 'found "w"', 'a list is wanted'),
  fields('a parameter of the wrong type', { losses: [{ name: 'huber', delta: '1' }] }, 'losses[0]', 'delta', '"1"'),
]);

refusals('fields that do not go together', [
  fields('no data', { data: {} }, 'data', 'exactly one of files, arrays and inline', 'none of them'),
  fields('data twice', { data: { files: ['a.csv'], inline: { p: [1] } } }, 'data', 'files and inline'),
  fields('a format without files', { data: { inline: { p: [1], y: [1] }, format: 'csv' } }, 'data.format', '"csv"'),
  fields('an empty list of files', { data: { files: [] } }, 'data.files', 'at least 1'),
  fields('no arrays', { data: { arrays: {} } }, 'arrays'),
  fields('no inline columns', { data: { inline: {} } }, /inline|columns\.prediction/),
  fields('the prediction as target', { columns: { prediction: 'p', target: 'p' } }, 'columns.target', '"p"'),
  fields(
    'a prediction column twice',
    { columns: { prediction: ['p', 'p'], target: 'y' }, losses: ['cross_entropy'] },
    'columns.prediction',
    'twice',
  ),
  fields('a slice twice', { slices: ['w', ['w']] }, 'slices[1]', 'twice'),
  fields('a slice crossed with itself', { slices: [['w', 'w']] }, 'slices[0]', 'itself'),
  fields('a class twice', { classes: ['a', 'a'] }, 'classes', 'twice'),
  fields('classes for a regression', { classes: ['a', 'b'] }, 'classes', 'regression'),
  fields('a kind of input the loss cannot take', { losses: ['nll'], input: 'logits' }, 'input', 'log_probabilities'),
  fields('a loss under two names', { losses: ['mse', 'mean_squared_error'] }, 'losses[1]', 'twice'),
  fields(
    'a variance nobody uses',
    { columns: { ...good.columns, variance: 'w' } },
    'columns.variance',
    'only gaussian_nll takes a variance',
  ),
  fields('a gradient of another kind', { gradient: 'all' }, 'gradient', '"norms", "summary" or'),
  fields('another library’s edges', { edges: 'compat' }, 'edges', 'there is no compat', 'torch'),
  fields('a library that is none', { compat: 'jax' }, 'compat', '"jax"', '"torch" | "keras"'),
  fields(
    'a loss the library does not have',
    { losses: ['quantile'], compat: 'torch' },
    'compat',
    'torch has no',
    'sklearn has it',
  ),
]);

refusals('inline data', [
  fields('inline columns of different length', { data: { inline: { p: [1, 2], y: [1] } } }, '"p"', '2', '"y"', '1'),
  fields(
    'an inline column of numbers and texts',
    { data: { inline: { p: [1, 'x'], y: [1, 2] } } },
    '"p"',
    'row 1',
    '"x"',
  ),
  fields('an inline column that is ragged', { data: { inline: { p: [[1, 2], [1]], y: [1, 2] } } }, '"p"', 'row 1'),
  fields('inline objects', { data: { inline: { p: [{ a: 1 }], y: [1] } } }, '"p"', 'row 0'),
]);

refusals('plans', [
  { wrong: 'the plan of a file that is not there', args: evaluation('gone.csv', 'mse', '--plan'), says: ['gone.csv'] },
]);
