import { expect, test } from 'vitest';
import { baseName, confidenceLabel, sourcesOf } from '../../src/view/spec.js';
import { report } from '../sample.js';

test('confidenceLabel reads the spec and falls back to 95 %', () => {
  expect(confidenceLabel(report([], { spec: { confidence: 0.999 } }))).toBe('99.9 %');
  expect(confidenceLabel(report([], { spec: { confidence: 'high' } }))).toBe('95 %');
});

test('sourcesOf finds the sources of a resolved spec and takes only what it understands', () => {
  const source = { uri: 'a.npy', rows: 3, bytes: 10, fingerprint: 'sha256:00' };
  expect(sourcesOf(report([], { spec: { sources: [source, { uri: 7 }, null, { uri: 'b', rows: 'x' }] } }))).toEqual([
    source,
    { uri: 'b' },
  ]);
  expect(sourcesOf(report([], { spec: { data: { sources: [source] } } }))).toEqual([source]);
  expect(sourcesOf(report([], { spec: {} }))).toEqual([]);
});

test('baseName takes the last step of paths and URLs', () => {
  expect(['a/b/c.npy', 's3://x/y.parquet', 'C:\\d\\e.csv', 'plain', '/'].map(baseName)).toEqual([
    'c.npy',
    'y.parquet',
    'e.csv',
    'plain',
    '/',
  ]);
});
