import type { Dictionary } from './types.js';

/** A dictionary of text values; codes count up in order of first appearance. */
export function createDictionary(values: readonly string[] = []): Dictionary {
  const dictionary = new GrowingDictionary();
  for (const value of values) dictionary.code(value);
  return dictionary;
}

class GrowingDictionary implements Dictionary {
  readonly values: string[] = [];
  readonly #codes = new Map<string, number>();

  code(value: string): number {
    const known = this.#codes.get(value);
    if (known !== undefined) return known;
    const code = this.values.length;
    this.#codes.set(value, code);
    this.values.push(value);
    return code;
  }
}
