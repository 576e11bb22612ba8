import fc from 'fast-check';
import { expect, test } from 'vitest';
import { specText } from '../../src/view/spec-text.js';
import { report } from '../sample.js';

test('specText is the spec as JSON, short lists on one line', () => {
  const { text, cut } = specText(report([], { spec: { slices: ['a', ['a', 'b']], losses: [{ name: 'mse' }] } }));
  expect(text).toContain('["a", "b"]');
  expect(JSON.parse(text)).toEqual({ slices: ['a', ['a', 'b']], losses: [{ name: 'mse' }] });
  expect(cut).toBe(false);
});

test('specText leaves out sources that have a table of their own', () => {
  expect(specText(report([], { spec: { confidence: 0.9, sources: [{ uri: 'a' }] } })).text).not.toContain('sources');
  expect(specText(report([], { spec: { sources: 'unreadable' } })).text).toContain('unreadable');
});

test('specText cuts inline data of any length', () => {
  const { text, cut } = specText(
    report([], { spec: { data: { inline: { p: Array.from({ length: 99_999 }, () => 0.5) } } } }),
  );
  expect([text.length, cut]).toEqual([20_000, true]);
});

test('specText changes no value of any spec', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (spec) => {
      const { text, cut } = specText(report([], { spec }));
      const { sources, ...rest } = JSON.parse(JSON.stringify(spec));
      if (!cut) expect([{ sources, ...rest }, rest]).toContainEqual({ ...JSON.parse(text) });
    }),
  );
});
