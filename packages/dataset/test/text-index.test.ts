import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDictionary } from '../src/dictionary.js';
import { TextIndex } from '../src/text-index.js';

const code = (index: TextIndex, text: string): number => {
  const bytes = Buffer.from(`..${text}..`);
  return index.code(bytes, 2, bytes.length - 2);
};

describe('TextIndex', () => {
  it('gives the codes the dictionary gives, for any texts in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 200 }), (texts) => {
        const expected = createDictionary();
        const dictionary = createDictionary();
        const index = new TextIndex(dictionary);
        expect(texts.map((text) => code(index, text))).toEqual(texts.map((text) => expected.code(text)));
        expect(dictionary.values).toEqual(expected.values);
      }),
    );
  });

  it('keeps its codes when it grows, and when it forgets because the texts take too much memory', () => {
    const dictionary = createDictionary();
    const index = new TextIndex(dictionary);
    const text = (at: number) => `${at}${'x'.repeat(100)}`;
    for (let at = 0; at < 100_000; at++) expect(code(index, text(at))).toBe(at);
    for (const at of [0, 1, 63, 50_000, 99_999]) expect(code(index, text(at))).toBe(at);
  });

  it('shares a dictionary with another index', () => {
    const dictionary = createDictionary(['a']);
    const [one, other] = [new TextIndex(dictionary), new TextIndex(dictionary)];
    expect([code(one, 'b'), code(other, 'c'), code(other, 'b'), code(one, 'c'), code(other, 'a')]).toEqual([
      1, 2, 1, 2, 0,
    ]);
  });

  it('decodes a value once, however often it comes', () => {
    let calls = 0;
    const index = new TextIndex(createDictionary(), (bytes, start, end) => {
      calls++;
      return String(Number(Buffer.from(bytes.subarray(start, end)).toString()));
    });
    expect(['1.0', '1', '1.0', '2', '1'].map((text) => code(index, text))).toEqual([0, 0, 0, 1, 0]);
    expect(calls).toBe(3);
  });

  it('takes texts of any length', () => {
    const dictionary = createDictionary();
    const index = new TextIndex(dictionary);
    const texts = ['', 'é'.repeat(127), 'é'.repeat(128), 'é'.repeat(129), 'z'.repeat(100_000), ''];
    expect(texts.map((text) => code(index, text))).toEqual([0, 1, 2, 3, 4, 0]);
    expect(dictionary.values).toEqual(texts.slice(0, 5));
  });
});
