import type { NumberBuffer, TextBuffer } from '@lossmill/dataset';

interface Named {
  text: TextBuffer;
  /** Receives a name's number; NaN, and not present, where it is missing. */
  numbers: NumberBuffer;
  /** Dictionary code -> number, for the codes seen so far. */
  ofCode: number[];
}

/** Numbers for class names: equal names have equal numbers, in whichever column they stand. No number leaves the thread. */
export class LabelNames {
  readonly #columns: Named[] = [];
  readonly #numbers = new Map<string, number>();

  add(text: TextBuffer, numbers: NumberBuffer): void {
    this.#columns.push({ text, numbers, ofCode: [] });
  }

  /** After a fill: numbers the first `rows` names of every column. */
  number(rows: number): void {
    for (const { text, numbers, ofCode } of this.#columns) {
      const { codes, dictionary } = text;
      while (ofCode.length < dictionary.values.length) ofCode.push(this.#numberOf(dictionary.values[ofCode.length]));
      numbers.missing = 0;
      for (let i = 0; i < rows; i++) {
        const missing = codes[i] < 0;
        numbers.values[i] = missing ? Number.NaN : ofCode[codes[i]];
        numbers.present[i] = missing ? 0 : 1;
        if (missing) numbers.missing++;
      }
    }
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}
