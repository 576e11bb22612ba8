import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonFault, JsonScanner, VALUE } from '../../src/formats/jsonl-scanner.js';

const scan = (text: string, scanner = new JsonScanner()): JsonScanner => {
  // Bytes of another row follow, as they do in a file.
  const bytes = Buffer.from(`${text}\n{"x":1}`);
  scanner.scan(bytes, 0, Buffer.byteLength(text));
  return scanner;
};

const fault = (text: string): number => {
  try {
    scan(text);
  } catch (error) {
    if (error instanceof JsonFault) return error.at;
    throw error;
  }
  return -1;
};

const kindOf = (value: unknown): number => {
  if (value === null) return 0;
  if (typeof value === 'boolean') return VALUE.bool;
  if (typeof value === 'string') return /^(NaN|-?Infinity)$/.test(value) ? VALUE.numberText : VALUE.text;
  if (typeof value === 'number') return VALUE.integer | VALUE.real;
  if (!Array.isArray(value)) return VALUE.nested;
  const flat = value.every((item) => item === null || (kindOf(item) & (VALUE.text | VALUE.list | VALUE.nested)) === 0);
  return flat ? VALUE.list : VALUE.nested;
};

describe('JsonScanner', () => {
  it('finds in any object what JSON.parse finds', () => {
    const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(objects, fc.constantFrom(undefined, 1), (object, indent) => {
        const value = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
        const scanner = scan(JSON.stringify(value, null, indent));
        expect([...scanner.names].sort()).toEqual(Object.keys(value).sort());
        scanner.names.forEach((name, column) => {
          const expected = kindOf(value[name]);
          expect(expected === 0 ? scanner.kinds[column] : scanner.kinds[column] & expected, name).toBe(
            expected === 3 ? scanner.kinds[column] : expected,
          );
          if (scanner.kinds[column] === VALUE.text) expect(scanner.textOf(column)).toBe(value[name]);
          if (scanner.kinds[column] === VALUE.list)
            expect(scanner.lengths[column]).toBe((value[name] as unknown[]).length);
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('accepts and refuses damaged JSON as JSON.parse does', () => {
    const texts = fc
      .dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
      .map((value) => JSON.stringify(value));
    const place = fc.nat(60);
    const noise = fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '0',
      '1',
      '.',
      'e',
      '-',
      't',
      'null',
      ' ',
      '\t',
      '\\u00e9',
      '\\u12',
    );
    fc.assert(
      fc.property(texts, place, noise, fc.nat(3), (text, at, insert, cut) => {
        const damaged = text.slice(0, at) + insert + text.slice(at + cut);
        let valid = true;
        try {
          const parsed: unknown = JSON.parse(damaged);
          valid = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
        } catch {
          valid = false;
        }
        expect(fault(damaged) < 0, damaged).toBe(valid);
      }),
      { numRuns: 5000 },
    );
  });

  it('accepts the bare NaN and Infinity of Python, and tells numbers apart', () => {
    const scanner = scan(
      '{"a":NaN,"b":-Infinity,"c":"NaN","d":12,"e":1.5,"f":9223372036854775808,"g":[1,null,"Infinity"]}',
    );
    expect([...scanner.kinds.subarray(0, 7)]).toEqual([2, 2, 16, 1, 2, 2, 32]);
    expect(scanner.lengths[6]).toBe(3);
    expect(scanner.elements[6]).toBe(VALUE.integer | VALUE.numberText);
  });

  it('takes the last of equal keys, and keys in any order', () => {
    const scanner = scan('{"a":1,"b":"x","a":true}');
    expect([scanner.names, scanner.kinds[0]]).toEqual([['a', 'b'], VALUE.bool]);
    scan('{"b":2,"c":[],"\\u0061":"y"}', scanner);
    expect([scanner.names, [...scanner.kinds.subarray(0, 3)], scanner.textOf(0)]).toEqual([
      ['a', 'b', 'c'],
      [8, 1, 32],
      'y',
    ]);
    scan('{}', scanner);
    expect([...scanner.kinds.subarray(0, 3)]).toEqual([0, 0, 0]);
  });

  it('says where a fault is', () => {
    expect(fault('{"a":1,}')).toBe(7);
    expect(fault('{"a" 1}')).toBe(5);
    expect(fault('{"a":01}')).toBe(5);
    expect(fault('{"a":1} x')).toBe(8);
    expect(fault('[1]')).toBe(0);
    expect(fault('{"a":"x')).toBe(5);
    expect(fault(`{"a":${'['.repeat(600)}`)).toBeGreaterThan(400);
  });
});
