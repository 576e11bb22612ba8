import { npy } from '../helpers/npy.js';
import { arrays, evaluation, type Refusal, refusals } from '../helpers/refusals.js';

const files = { 'a.csv': 'p,y,w\n0.5,1,1\n0.25,0,2\n' };
const whole = (flag: string, value: string, ...says: string[]): Refusal => ({
  wrong: `${flag} ${value}`,
  files,
  args: evaluation('a.csv', 'mse', flag, value),
  says: [flag, value, ...says],
});

refusals('missing flags', [
  {
    wrong: 'an evaluation without a loss',
    files,
    args: ['eval', 'a.csv', '--pred', 'p', '--target', 'y'],
    says: ['--loss is missing', 'lossmill eval --help'],
  },
  {
    wrong: 'an evaluation without a prediction',
    files,
    args: ['eval', 'a.csv', '--target', 'y', '--loss', 'mse'],
    says: ['--pred is missing', 'lossmill eval FILE --pred COLUMN'],
  },
  {
    wrong: 'an evaluation without a target',
    files,
    args: ['eval', 'a.csv', '--pred', 'p', '--loss', 'mse'],
    says: ['--target is missing'],
  },
  {
    wrong: 'an evaluation without files',
    args: evaluation([]),
    says: ['No FILES are given', '.npy'],
  },
  {
    wrong: 'a flag without its value',
    files,
    args: ['eval', 'a.csv', '--pred', 'p', '--target', 'y', '--loss'],
    bare: true,
    says: ['--loss', 'argument missing'],
  },
]);

refusals('flags that do not exist or hold nonsense', [
  {
    wrong: 'an unknown flag, with the nearest one',
    files,
    args: evaluation('a.csv', 'mse', '--thread', '2'),
    says: ["unknown option '--thread'", '--threads'],
  },
  whole('--threads', '0', 'at least 1'),
  whole('--threads', 'two', 'whole number'),
  whole('--threads', '1.5', 'whole number'),
  whole('--shard-rows', '-1', 'at least 1'),
  whole('--shard-rows', '0', 'at least 1'),
  whole('--shard-bytes', '1e9', 'whole number'),
  whole('--worst', 'all', 'whole number'),
  whole('--worst', '10001', 'at most 10000'),
  whole('--confidence', '95', 'below 1'),
  whole('--confidence', 'high', 'number'),
  whole('--fail-above', 'low', 'number'),
  whole('--fail-above', '', 'number'),
  whole('--bad-rows', 'ignore', 'fail', 'skip'),
  whole('--input', 'scores', 'logits', 'probabilities', 'log_probabilities'),
  whole('--format', 'xlsx', 'csv', 'parquet'),
  whole('--precision', 'f16', 'auto', 'f64'),
  whole('--classes', 'a', 'at least 2'),
  {
    wrong: 'a shard size in rows and in bytes',
    files,
    args: evaluation('a.csv', 'mse', '--shard-rows', '10', '--shard-bytes', '10'),
    says: ['--shard-rows and --shard-bytes exclude each other', 'Give one'],
  },
]);

refusals('losses', [
  {
    wrong: 'an unknown loss, with the nearest one',
    files,
    args: evaluation('a.csv', 'msee'),
    says: ['--loss', '"msee"', '"mse"', 'Available:'],
  },
  {
    wrong: 'a loss of vectors for a single number a row',
    files,
    args: evaluation('a.csv', 'cosine'),
    says: ['--pred', 'one value a row', 'cosine wants vectors'],
  },
  {
    wrong: 'a parameter the loss does not have',
    files,
    args: evaluation('a.csv', 'mse:delta=1'),
    says: ['--loss', 'mse', '"delta"'],
  },
  {
    wrong: 'a parameter out of its range',
    files,
    args: evaluation('a.csv', 'huber:delta=0'),
    says: ['--loss', 'huber', 'delta', '0', 'above 0'],
  },
  {
    wrong: 'a parameter that is no number',
    files,
    args: evaluation('a.csv', 'huber:delta=big'),
    says: ['--loss huber:delta=big', '"big" is not a number'],
  },
  {
    wrong: 'a parameter without a value',
    files,
    args: evaluation('a.csv', 'huber:delta'),
    says: ['--loss huber:delta', 'parameter=value', 'huber:delta=1.5'],
  },
  {
    wrong: 'a parameter given twice',
    files,
    args: evaluation('a.csv', 'huber:delta=1,delta=2'),
    says: ['--loss huber:delta=1,delta=2', 'given twice'],
  },
  {
    wrong: 'a parameter that is the loss’s own name',
    files,
    args: evaluation('a.csv', 'huber:name=1'),
    says: ['no loss has a parameter "name"'],
  },
  {
    wrong: 'a loss listed twice',
    files,
    args: evaluation('a.csv', 'mse', '--loss', 'mae', '--loss', 'mse_loss'),
    says: ['--loss', 'mse is listed twice'],
  },
  {
    wrong: 'losses that want different predictions',
    files,
    args: evaluation('a.csv', 'mse', '--loss', 'cross_entropy'),
    says: ['--loss', 'mse, cross_entropy', 'Make two'],
  },
  {
    wrong: 'a kind of input for a loss that takes any number',
    files,
    args: evaluation('a.csv', 'mse', '--input', 'logits'),
    says: ['--input', 'mse', 'any number'],
  },
  {
    wrong: 'the page of an unknown loss',
    args: ['losses', 'mean_cubed_error'],
    bare: true,
    says: ['"mean_cubed_error"', 'Available:'],
  },
]);

refusals('outputs that cannot be written', [
  {
    wrong: '--out into a folder that is not there',
    files,
    args: evaluation('a.csv', 'mse', '--out', 'no/where/report.json'),
    bare: true,
    says: ['--out no/where/report.json', 'no folder no/where'],
  },
  {
    wrong: '--out over the file that is evaluated',
    files,
    args: evaluation('a.csv', 'mse', '--out', './a.csv'),
    bare: true,
    says: ['--out ./a.csv is one of the files that are evaluated'],
  },
  {
    wrong: '--row-losses over the file that is evaluated',
    files: { 'losses.npy': npy([1, 2]) },
    args: arrays('losses.npy', 'losses.npy', 'mse', '--row-losses', '.'),
    bare: true,
    says: ['losses.npy is one of the files that are evaluated', 'another folder'],
  },
  {
    wrong: '--out and --html of one name',
    files,
    args: evaluation('a.csv', 'mse', '--out', 'r', '--html', './r'),
    bare: true,
    says: ['--out and --html both name r'],
  },
  {
    wrong: 'an empty --out',
    files,
    args: evaluation('a.csv', 'mse', '--out', ''),
    bare: true,
    says: ['--out is empty'],
  },
  {
    wrong: '--html that is a folder',
    files: { ...files, 'pages/': '' },
    args: evaluation('a.csv', 'mse', '--html', 'pages'),
    bare: true,
    says: ['--html pages', 'is a folder', 'Name a file'],
  },
  {
    wrong: '--gradient below a file',
    files,
    args: evaluation('a.csv', 'mse', '--gradient', 'a.csv/gradient'),
    bare: true,
    says: ['a.csv/gradient', 'Name a folder'],
  },
  {
    wrong: '--gradient on the web',
    files,
    args: evaluation('a.csv', 'mse', '--gradient', 'https://host/out'),
    bare: true,
    says: ['--gradient', 'https:// URL', 's3://BUCKET/PREFIX'],
  },
  {
    wrong: '--row-losses that is a file',
    files,
    args: evaluation('a.csv', 'mse', '--row-losses', 'a.csv'),
    bare: true,
    says: ['a.csv', 'Name a folder'],
  },
]);

refusals('what is not available yet', [
  ...['train', 'curve', 'serve'].map(
    (name): Refusal => ({
      wrong: `the command ${name}`,
      args: [name, '--redis', 'redis://127.0.0.1'],
      bare: true,
      says: [`lossmill ${name}`, 'not available yet'],
    }),
  ),
  ...[
    ['--model', 'model.onnx'],
    ['--compare', 'w'],
    ['--bootstrap', '100'],
  ].map(
    ([flag, value]): Refusal => ({
      wrong: flag,
      files,
      args: evaluation('a.csv', 'mse', flag, value),
      says: [flag, 'not available yet', /[Ll]eave it out/],
    }),
  ),
  {
    wrong: 'features without a model',
    files,
    args: evaluation('a.csv', 'mse', '--features', 'w'),
    says: ['--features', '--model', 'not available yet'],
  },
  {
    wrong: 'a seed without a bootstrap',
    files,
    args: evaluation('a.csv', 'mse', '--seed', '7'),
    says: ['--seed', '--bootstrap'],
  },
]);

refusals('commands', [
  { wrong: 'an unknown command', args: ['evaluate'], bare: true, says: ["unknown command 'evaluate'", 'eval'] },
  { wrong: 'an unknown flag before the command', args: ['--jsn'], bare: true, says: ["unknown option '--jsn'"] },
  { wrong: 'verify without a report', args: ['verify'], bare: true, says: ['report.json'] },
  {
    wrong: 'verify of a file that is not there',
    args: ['verify', 'gone.json'],
    bare: true,
    says: ['report gone.json', 'no such file'],
  },
  {
    wrong: 'verify of a file that is no report',
    files: { 'other.json': '{"version": 2}' },
    args: ['verify', 'other.json'],
    bare: true,
    says: ['other.json', 'no lossmill report of version 1'],
  },
  {
    wrong: 'verify of a report without rows',
    files: { 'r.json': JSON.stringify({ version: 1, digest: 'sha256:0', spec: {} }) },
    args: ['verify', 'r.json', '--shards', '2'],
    bare: true,
    says: ['r.json', 'no lossmill report'],
  },
  {
    wrong: 'verify of a report whose spec asks for a column that is gone',
    files: {
      ...files,
      'r.json': JSON.stringify({
        version: 1,
        digest: 'sha256:0',
        rows: { read: 2 },
        losses: [],
        spec: {
          version: 1,
          data: { files: ['a.csv'] },
          columns: { prediction: 'q', target: 'y' },
          losses: [{ name: 'mse' }],
        },
      }),
    },
    args: ['verify', 'r.json'],
    bare: true,
    says: ['r.json, its spec', 'columns.prediction', 'no column "q"'],
  },
  {
    wrong: 'verify with a number of shards that is none',
    files: { 'other.json': '{}' },
    args: ['verify', 'other.json', '--shards', '1,x'],
    bare: true,
    says: ['--shards', '1,x', 'whole number'],
  },
  {
    wrong: 'a column and an array file together',
    files,
    args: ['eval', 'a.csv', '--pred', 'p.npy', '--target', 'y', '--loss', 'mse'],
    says: ['p.npy is an array file', 'a.csv'],
  },
  {
    wrong: 'an array file beside a column name',
    args: ['eval', '--pred', 'p.npy', '--target', 'y', '--loss', 'mse'],
    says: ['--target', '"y"', '.npy'],
  },
]);

/** Nothing listens there. */
const NOWHERE = 'redis://:secret@127.0.0.1:1';

refusals('the cluster', [
  ...[
    ['submit', 'a.csv', '--pred', 'p', '--target', 'y', '--loss', 'mse'],
    ['status', '7c1e'],
    ['watch', '7c1e'],
    ['result', '7c1e'],
    ['cancel', '7c1e'],
    ['retry', '7c1e'],
    ['list'],
    ['worker'],
    ['coordinator'],
  ].flatMap((args): Refusal[] => [
    { wrong: `${args[0]} without a cluster`, args, bare: true, says: ['--redis', 'LOSSMILL_REDIS'] },
    {
      wrong: `${args[0]} on a cluster that is down`,
      args: [...args, '--redis', NOWHERE],
      bare: true,
      says: ['redis://:***@127.0.0.1:1', 'Start it', '--redis'],
    },
  ]),
  {
    wrong: 'eval on a cluster that is down',
    files,
    args: evaluation('a.csv'),
    env: { LOSSMILL_REDIS: NOWHERE },
    says: ['redis://:***@127.0.0.1:1', 'Start it', 'LOSSMILL_REDIS'],
  },
  {
    wrong: 'a Redis that is no URL',
    files,
    args: evaluation('a.csv', 'mse', '--redis', 'localhost:6379'),
    says: ['redis://', 'rediss://'],
  },
  {
    wrong: '--threads on a cluster',
    files,
    args: evaluation('a.csv', 'mse', '--redis', NOWHERE, '--threads', '2'),
    says: ['--threads', 'lossmill worker'],
  },
  {
    wrong: '--allow-degraded on this machine',
    files,
    args: evaluation('a.csv', 'mse', '--allow-degraded', '0.1%'),
    says: ['--allow-degraded', '--redis'],
  },
  {
    wrong: 'a setting that is no number',
    args: ['worker', '--redis', NOWHERE],
    env: { LOSSMILL_LOCK_MS: 'soon' },
    bare: true,
    says: ['LOSSMILL_LOCK_MS', 'soon', 'whole number'],
  },
]);

refusals('quantization', [
  whole('--scale', '0', 'above 0'),
  whole('--scale', 'x', 'A number is wanted'),
  {
    wrong: 'a zero point without a scale',
    files,
    args: evaluation('a.csv', 'mse', '--zero-point', '3'),
    says: ['--zero-point: it belongs to --scale'],
  },
  {
    wrong: 'a zero point that is a fraction',
    files,
    args: evaluation('a.csv', 'mse', '--scale', '2', '--zero-point', '-1.5'),
    says: ['--zero-point: found -1.5', 'whole number'],
  },
  {
    wrong: 'a scale for predictions that are floats',
    files,
    args: evaluation('a.csv', 'mse', '--scale', '0.5', '--zero-point', '3'),
    says: ['--scale', '"p" is f64', 'Leave it out'],
  },
]);
