import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findFiles, listFiles } from '../src/files.js';
import { fileError } from '../src/storage/file.js';
import { temporaryFolder } from './helpers/folder.js';

const folder = temporaryFolder();
for (const name of [
  'b.csv',
  'a.csv',
  'c10.csv',
  'c9.csv',
  'deep/er/d.csv',
  'é.csv',
  'z.txt',
  'x[1].csv',
  '.hidden.csv',
]) {
  folder.write(name, name);
}
const uris = (patterns: string[]) => findFiles(patterns, folder.path).map((file) => file.uri);

it('expands globs and sorts by code point', () => {
  expect(uris(['*.csv'])).toEqual(['a.csv', 'b.csv', 'c10.csv', 'c9.csv', 'x[1].csv', 'é.csv']);
  expect(uris(['**/*.csv', 'z.*'])).toContain('deep/er/d.csv');
  expect(uris(['{b,a}.csv'])).toEqual(['a.csv', 'b.csv']);
  expect(uris(['c?.csv', 'c[1-2]0.csv'])).toEqual(['c10.csv', 'c9.csv']);
});

it('writes URIs as the pattern is written', () => {
  expect(uris(['./[ab].csv'])).toEqual(['./a.csv', './b.csv']);
  expect(uris([join(folder.path, '[ab].csv')])).toEqual([join(folder.path, 'a.csv'), join(folder.path, 'b.csv')]);
  expect(findFiles(['../*.csv'], join(folder.path, 'deep')).map((file) => file.uri)).toContain('../a.csv');
});

it('takes a path that exists literally', () => {
  expect(uris(['x[1].csv'])).toEqual(['x[1].csv']);
});

it('counts a file once for a table and as often as it is listed for an array', () => {
  expect(uris(['a.csv', '*.csv', './a.csv']).filter((uri) => uri.endsWith('a.csv'))).toHaveLength(1);
  expect(listFiles(['b.csv', 'a.csv', 'b.csv'], folder.path).map((file) => file.uri)).toEqual([
    'b.csv',
    'a.csv',
    'b.csv',
  ]);
});

const refused: [string, string[], string, RegExp][] = [
  ['an absent file', ['no.csv'], 'FILE_NOT_FOUND', /^no\.csv does not exist/],
  ['a pattern without a match', ['no*.csv'], 'FILE_NOT_FOUND', /No file matches the pattern "no\*\.csv"/],
  [
    'a folder',
    ['deep'],
    'FILE_NOT_READABLE',
    /deep is a directory, not a file\. Name the files in it, for example "deep\//,
  ],
  ['a file as a folder', ['a.csv/b.csv'], 'FILE_NOT_FOUND', /does not exist/],
  ['an empty path', [''], 'FILE_NOT_FOUND', /is empty/],
  ['an empty list', [], 'FILE_NOT_FOUND', /list of files is empty/],
  ['a NUL character', ['a\0b'], 'FILE_NOT_FOUND', /NUL/],
  ['a URL', ['s3://bucket/a.csv'], 'UNSUPPORTED', /is a URL \(s3\)/],
];

it.each(refused)('refuses %s', (_, patterns, code, message) => {
  mkdirSync(join(folder.path, 'deep'), { recursive: true });
  expect(() => findFiles(patterns, folder.path)).toThrowError(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

it('names the file that may not be read', () => {
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  expect(fileError(denied, 'secret.csv')).toMatchObject({
    code: 'FILE_NOT_READABLE',
    message: expect.stringContaining('secret.csv may not be read by this user (EACCES)'),
  });
});
