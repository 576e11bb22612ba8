import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDataset, reopenDataset } from '../../src/open.js';
import { type Access, accessFromEnvironment, checkRemote, shownUrl } from '../../src/storage/access.js';
import type { DataSpec } from '../../src/types.js';
import { temporaryFolder } from '../helpers/folder.js';
import { readColumn } from '../helpers/read.js';
import { webServer } from '../helpers/web-server.js';

const folder = temporaryFolder();
const inside = folder.write('root/in/a.csv', 'x\n1\n');
const outside = folder.write('out/secret.csv', 'x\n2\n');
const root = join(folder.path, 'root');
symlinkSync(outside, join(root, 'link.csv'));
symlinkSync(join(folder.path, 'out'), join(root, 'way'));
symlinkSync(join(root, 'in'), join(root, 'back'));
mkdirSync(join(folder.path, 'root-like'));
folder.write('root-like/a.csv', 'x\n3\n');
const access: Access = { roots: [root] };

const open = (data: DataSpec, allowed: Access = access) => openDataset(data, { folder: root, access: allowed });
const denied = { code: 'ACCESS_DENIED', message: expect.stringMatching(/LOSSMILL_(DATA_ROOTS|ALLOWED_URLS)/) };

it('reads files in its roots, also through links that stay in them', async () => {
  for (const path of [inside, 'in/a.csv', './in/*.csv', 'back/a.csv', 'in/../in/a.csv', 'in/**/a.csv']) {
    const dataset = await open({ files: [path] });
    expect(await readColumn(dataset, 'x', 'f64')).toEqual([1]);
    await dataset.close();
  }
});

it.each([
  '/etc/passwd',
  '../out/secret.csv',
  '../out/*.csv',
  '../*/secret.csv',
  '/*/passwd',
  'in/../../out/secret.csv',
  'link.csv',
  '*.csv',
  'way/secret.csv',
  'way/*.csv',
  '../root-like/a.csv',
  '../not-there.csv',
  'way/not-there.csv',
  'file:///etc/passwd',
  'FILE:///etc/passwd',
  'ftp://host/a.csv',
  'http://127.0.0.1:1/a.csv',
  's3://bucket/a.csv',
])('refuses %s', async (path) => {
  await expect(open({ files: [path] })).rejects.toMatchObject(denied);
  await expect(open({ arrays: { x: [path] } })).rejects.toMatchObject(denied);
});

it('says of a file in a root that it is not there', async () => {
  await expect(open({ files: ['in/none.csv'] })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

it('without roots allows no file, and without rules any', async () => {
  await expect(open({ files: [inside] }, { urls: ['https://host'] })).rejects.toMatchObject(denied);
  await (await openDataset({ files: [outside] })).close();
});

it('holds a handle against the rules of where it is opened', async () => {
  const { handle } = await openDataset({ files: [outside] });
  await expect(reopenDataset(handle, { access })).rejects.toMatchObject(denied);
  const server = await webServer();
  server.files.set('/a.csv', Buffer.from('x\n1\n'));
  const remote = await openDataset({ files: [`${server.url}/a.csv`] });
  await expect(reopenDataset(remote.handle, { access })).rejects.toMatchObject(denied);
  await (await reopenDataset(remote.handle, { access: { urls: [server.url] } })).close();
  // A handle that claims to be of another machine's file is judged by what would be opened.
  const forged = JSON.parse(JSON.stringify(handle).replaceAll(JSON.stringify(outside), '"/etc/passwd"'));
  await expect(reopenDataset(forged, { access: { roots: [root, join(folder.path, 'out')] } })).rejects.toMatchObject(
    denied,
  );
  await remote.close();
});

const urls = ['https://host/data', 'http://host:8080/', 's3://bucket/some/', 's3://other'];

it.each([
  'https://host/data',
  'https://host/data/a.csv?x=1',
  'https://HOST:443/data/a.csv',
  'https://host/other/../data/a.csv',
  'http://host:8080/any',
  's3://bucket/some/a.csv',
  's3://other/a b/*.csv',
  'https://host/data/100%25.csv',
])('allows %s', (url) => {
  expect(() => checkRemote(url, { urls })).not.toThrow();
});

it.each([
  'https://host/data2/a.csv',
  'https://host/data/../etc',
  'https://host/data/%2e%2e/etc',
  'https://host/data/..%2fetc',
  'https://host/data/%252e%252e%252fetc',
  'https://host/data/..\\etc',
  'http://host/data/a.csv',
  'https://host:444/data/a.csv',
  'https://host.evil.org/data/a.csv',
  'http://host/any',
  's3://bucket/somewhere/a.csv',
  's3://bucket/some/../a.csv',
  's3://bucket/*/a.csv',
  's3://bucket2/some/a.csv',
  's3://other.bucket/a.csv',
  'file://host/data/a.csv',
])('does not allow %s', (url) => {
  expect(() => checkRemote(url, { urls })).toThrow(expect.objectContaining({ code: 'ACCESS_DENIED' }));
});

it('wants no password in a URL, and does not repeat it', () => {
  const check = () => checkRemote('https://me:hunter2@host/data/a.csv', { urls });
  expect(check).toThrow(/user name or password/);
  expect(check).not.toThrow(/hunter2/);
  expect(shownUrl('https://me:hunter2@host/a?signature=1#x')).toBe('https://host/a');
});

it('takes its rules from the environment', () => {
  expect(accessFromEnvironment({})).toEqual({ roots: ['.'], urls: [] });
  const environment = { LOSSMILL_DATA_ROOTS: '/data:/more', LOSSMILL_ALLOWED_URLS: ' https://host/a  s3://bucket ' };
  expect(accessFromEnvironment(environment)).toEqual({
    roots: ['/data', '/more'],
    urls: ['https://host/a', 's3://bucket'],
  });
});

it('allows no URL where files are asked for and nothing is said of URLs', async () => {
  const asked: string[] = [];
  const permit = (path: string) => void asked.push(path);
  await expect(openDataset({ files: ['http://127.0.0.1:1/a.csv'] }, { permit })).rejects.toMatchObject(denied);
  const dataset = await openDataset({ files: [inside] }, { permit });
  expect(asked).toEqual([inside]);
  await dataset.close();
});
