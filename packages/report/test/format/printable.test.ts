import { expect, test } from 'vitest';
import { printable } from '../../src/format/printable.js';

test('printable spells out what a terminal would obey', () => {
  expect(printable('a\u001b[31mb\nc\td\u202ee')).toBe('a\\u001b[31mb\\nc\\td\\u202ee');
});

test('printable keeps letters of every script, and joined emoji', () => {
  expect(printable('日本語 é 👩‍🔬')).toBe('日本語 é 👩‍🔬');
});

test('printable spells out half a surrogate pair', () => {
  expect(printable('x\ud800y')).toBe('x\\ud800y');
});
