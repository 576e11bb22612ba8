import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { npy } from '../helpers/npy.js';
import { arrays, evaluation, type Refusal, refusals } from '../helpers/refusals.js';

const csv = 'p,y,w\n0.5,1,1\n0.25,0,2\n';
const files = { 'a.csv': csv };

/** The superuser reads everything, unless that right is taken away: the owner's rights then count. */
const withoutPrivilege = (): { prefix: string[]; env: Record<string, string> } => {
  if (process.getuid?.() !== 0) return { prefix: [], env: {} };
  const prefix = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'];
  if (spawnSync(prefix[0], [...prefix.slice(1), 'true']).status === 0) return { prefix, env: {} };
  const hook = 'data:text/javascript,process.setegid(65534);process.seteuid(65534)';
  return { prefix: [], env: { NODE_OPTIONS: `--import=${hook}` } };
};

const forbidden = (path: string, mode = 0) => ({
  prepare: (folder: string) => chmodSync(join(folder, path), mode),
  ...withoutPrivilege(),
});

refusals('files that are not there', [
  { wrong: 'a file that is not there', args: evaluation('gone.csv'), says: ['gone.csv', 'Check the path'] },
  {
    wrong: 'a path through a file',
    files,
    args: evaluation('a.csv/b.csv'),
    says: ['a.csv/b.csv'],
  },
  {
    wrong: 'a glob without a match',
    files,
    args: evaluation('*.parquet'),
    says: ['"*.parquet"', 'current folder', 'quote it'],
  },
  { wrong: 'an empty path', args: evaluation(''), says: [/FILES|path/, /empty|at least 1/] },
  {
    wrong: 'an array file that is not there',
    files: { 'y.npy': npy([1]) },
    args: arrays('p.npy', 'y.npy'),
    says: ['p.npy', 'does not exist'],
  },
  {
    wrong: 'array files without a match',
    files: { 'y.npy': npy([1]) },
    args: arrays('p-*.npy', 'y.npy'),
    says: ['"p-*.npy"', 'No file matches'],
  },
  {
    wrong: 'a web address where nobody answers',
    args: evaluation('http://127.0.0.1:1/a.csv'),
    env: { LOSSMILL_REMOTE_RETRIES: '1', LOSSMILL_REMOTE_BACKOFF_MS: '1' },
    says: ['http://127.0.0.1:1/a.csv', 'in 2 attempts', 'LOSSMILL_REMOTE_RETRIES'],
  },
  {
    wrong: 'an object storage that is none',
    args: evaluation('s3://bucket/a.csv'),
    env: { AWS_ENDPOINT_URL_S3: 'localhost' },
    says: ['AWS_ENDPOINT_URL_S3', 'http://'],
  },
  { wrong: 'a bucket without an object', args: evaluation('s3://bucket'), says: ['s3://bucket', 's3://BUCKET/KEY'] },
  {
    wrong: 'a password in a URL',
    args: evaluation('https://me:hunter2@127.0.0.1/a.csv'),
    says: ['https://127.0.0.1/a.csv', 'user name or password'],
  },
  { wrong: 'a file://', args: evaluation('file:///etc/passwd'), says: ['file:// is not read', 'by their path'] },
  { wrong: 'ftp://', args: evaluation('ftp://127.0.0.1/a.csv'), says: ['ftp:// is not read', 'https://'] },
  {
    wrong: 'a setting for remote files that is no number',
    args: evaluation('http://127.0.0.1:1/a.csv'),
    env: { LOSSMILL_REMOTE_RETRIES: 'many' },
    says: ['LOSSMILL_REMOTE_RETRIES', '"many"', 'whole number'],
  },
]);

refusals('files that cannot be read', [
  {
    wrong: 'a folder',
    files: { 'data/': '' },
    args: evaluation('data'),
    says: ['data', 'Name the files in it', '"data/*.parquet"'],
  },
  {
    wrong: 'a folder named like a file',
    files: { 'a.csv/': '' },
    args: evaluation('a.csv'),
    says: ['a.csv', 'not a file'],
  },
  {
    wrong: 'a file without permission',
    files,
    args: evaluation('a.csv'),
    ...forbidden('a.csv'),
    says: ['a.csv', 'permission'],
  },
  {
    wrong: 'a spec without permission',
    files: { 'spec.json': '{}' },
    args: ['eval', '--spec', 'spec.json'],
    bare: true,
    ...forbidden('spec.json'),
    says: ['spec.json', 'refuses to read it'],
  },
  {
    wrong: '--row-losses into a folder without permission',
    files: { ...files, 'locked/': '' },
    args: evaluation('a.csv', 'mse', '--row-losses', 'locked'),
    bare: true,
    ...forbidden('locked', 0o500),
    says: ['locked', 'cannot be written', 'writable'],
  },
  {
    wrong: '--out into a folder without permission',
    files: { ...files, 'locked/': '' },
    args: evaluation('a.csv', 'mse', '--out', 'locked/report.json'),
    bare: true,
    ...forbidden('locked', 0o500),
    says: ['--out locked/report.json', 'cannot be written'],
  },
  {
    wrong: '--out over a folder that appeared',
    files,
    args: evaluation('a.csv', 'mse', '--out', 'report.json'),
    bare: true,
    prepare: (folder) => {
      mkdirSync(join(folder, 'report.json'));
    },
    says: ['--out report.json', 'is a folder'],
  },
]);

const named = (wrong: string, name: string, content: string | Uint8Array, ...says: (string | RegExp)[]): Refusal => ({
  wrong,
  files: { [name]: content },
  args: evaluation(name),
  says: [name, ...says],
});

const makePipe = ['mkfifo', 'pipe.csv'] as const;
const fifo = (folder: string): void => {
  const [program, name] = makePipe;
  spawnSync(program, [join(folder, name)]);
};
if (process.platform === 'linux') {
  refusals('what is no regular file', [
    { wrong: 'a named pipe', prepare: fifo, args: evaluation('pipe.csv'), says: ['pipe.csv', 'regular file'] },
    {
      wrong: 'a device',
      args: evaluation('/dev/zero', 'mse', '--format', 'csv'),
      says: ['/dev/zero', 'regular file', 'Write its content to a file'],
    },
  ]);
}

refusals('files that are not what their name says', [
  named('an empty csv file', 'a.csv', '', 'empty', '0 bytes'),
  named('an empty tsv file', 'a.tsv', '', 'empty'),
  named('an empty jsonl file', 'a.jsonl', '', 'empty'),
  named('an empty parquet file', 'a.parquet', '', 'empty'),
  named('an empty arrow file', 'a.arrow', '', 'empty'),
  named('an empty npz file', 'a.npz', '', 'empty'),
  named('an extension no format has', 'a.xlsx', 'x', '.xlsx', 'csv (.csv)', 'Rename'),
  named('a file without extension', 'data', 'p,y\n1,2\n', 'no extension', 'csv (.csv)'),
  named('a packed csv file', 'a.csv.gz', gzipSync(csv), 'compressed', 'gunzip'),
  named('a packed csv file that says csv', 'a.csv', gzipSync(csv), 'gzip', 'Unpack'),
  named('a text file named .parquet', 'a.parquet', csv, /Parquet|parquet/),
  named('a text file named .arrow', 'a.arrow', csv, /Arrow|arrow/),
  named('a text file named .npz', 'a.npz', csv, /zip|npz/),
  named('an array file among files', 'a.npy', npy([1, 2]), '--pred a.npy', '"arrays"'),
  {
    wrong: 'an array file named .csv',
    files: { 'a.csv': npy([1, 2]) },
    args: evaluation('a.csv'),
    says: ['a.csv', '.npy'],
  },
  {
    wrong: 'a csv file named .npy',
    files: { 'p.npy': csv, 'y.npy': npy([1, 2]) },
    args: arrays('p.npy', 'y.npy'),
    says: ['p.npy', 'signature'],
  },
  {
    wrong: 'files of two formats',
    files: { 'a.csv': csv, 'b.tsv': csv.replaceAll(',', '\t') },
    args: evaluation(['a.csv', 'b.tsv']),
    says: ['a.csv is csv', 'b.tsv is tsv', 'one format'],
  },
]);
