import type { Dictionary } from '@lossmill/dataset';
import type { Kernels } from '@lossmill/kernels';
import type { Chunk } from './chunk.js';
import type { ResolvedSpec } from './resolve.js';
import { BAD, COUNTED, IGNORED } from './row-status.js';

/** The class index of a row that kernels leave out. */
const NO_CLASS = -1;

/** Class targets as the kernels want them: i32 indices, from numbers or from class names. */
export class ClassIndex {
  readonly pointer: number;
  /** COUNTED, IGNORED or BAD, per row, of the last `fill`. */
  readonly kinds: Uint8Array;
  readonly #chunk: Chunk;
  readonly #classes: number;
  readonly #ignore: number | null;
  readonly #names: Map<string, number>;
  /** Dictionary code -> class index, for the codes seen so far. */
  readonly #codeClass: number[] = [];
  #view: Int32Array = new Int32Array();

  constructor(spec: ResolvedSpec, ignore: number | null, kernels: Kernels, chunk: Chunk) {
    this.#chunk = chunk;
    this.#classes = spec.family === 'binary' ? 2 : spec.classes;
    this.#ignore = ignore;
    this.#names = new Map((spec.classNames ?? []).map((name, i) => [name, i]));
    this.pointer = kernels.memory.allocate(chunk.capacity * 4);
    this.kinds = new Uint8Array(chunk.capacity);
  }

  get indices(): Int32Array {
    return this.#view;
  }

  attach(kernels: Kernels): void {
    this.#view = kernels.memory.i32(this.pointer, this.#chunk.capacity);
  }

  /** Converts the `rows` targets of the last fill; true when a row is ignored or bad. */
  fill(rows: number): boolean {
    const { base } = this.#chunk;
    const odd = this.#chunk.targetText ? this.#fillNames(base, base + rows) : this.#fillNumbers(base, base + rows);
    if (!odd) this.kinds.fill(COUNTED, base, base + rows);
    else {
      for (let i = base; i < base + rows; i++) this.kinds[i] = this.#kind(i);
    }
    return odd;
  }

  /** Why a BAD row is bad. */
  explain(row: number): { reason: string; value: string; words: string } {
    const { target, targetText, base } = this.#chunk;
    if (targetText) {
      const code = targetText.codes[row];
      if (code < 0) return { reason: 'missing target', value: '', words: 'is missing' };
      const names = [...this.#names.keys()];
      const shown = names.length > 8 ? `${names.slice(0, 8).join(', ')}, …` : names.join(', ');
      return {
        reason: 'unknown class',
        value: `"${targetText.dictionary.values[code]}"`,
        words: `is not one of the classes (${shown})`,
      };
    }
    const value = target?.view[row] ?? Number.NaN;
    if (target?.buffers[0].missing && target.buffers[0].present[row - base] === 0)
      return { reason: 'missing target', value: '', words: 'is missing' };
    if (Number.isNaN(value)) return { reason: 'target is NaN', value: 'NaN', words: 'is not a number' };
    return {
      reason: 'class index out of range',
      value: String(value),
      words: `is not a class index (0 … ${this.#classes - 1})`,
    };
  }

  #fillNumbers(from: number, to: number): boolean {
    const values = this.#chunk.target?.view as Float64Array;
    const view = this.#view;
    const classes = this.#classes;
    let odd = false;
    for (let i = from; i < to; i++) {
      const value = values[i];
      const index = value | 0;
      if (index === value && index >= 0 && index < classes && index !== this.#ignore) view[i] = index;
      else {
        view[i] = NO_CLASS;
        odd = true;
      }
    }
    return odd;
  }

  #fillNames(from: number, to: number): boolean {
    const { codes, dictionary } = this.#chunk.targetText as NonNullable<Chunk['targetText']>;
    this.#learn(dictionary);
    let odd = false;
    for (let i = from; i < to; i++) {
      const index = codes[i] < 0 ? NO_CLASS : this.#codeClass[codes[i]];
      this.#view[i] = index === this.#ignore ? NO_CLASS : index;
      if (this.#view[i] === NO_CLASS) odd = true;
    }
    return odd;
  }

  #learn(dictionary: Dictionary): void {
    for (let code = this.#codeClass.length; code < dictionary.values.length; code++) {
      this.#codeClass.push(this.#names.get(dictionary.values[code]) ?? NO_CLASS);
    }
  }

  #kind(row: number): number {
    if (this.#view[row] !== NO_CLASS) return COUNTED;
    return this.#ignore !== null && this.#raw(row) === this.#ignore ? IGNORED : BAD;
  }

  #raw(row: number): number {
    const { target, targetText } = this.#chunk;
    if (!targetText) return target?.view[row] ?? Number.NaN;
    const code = targetText.codes[row];
    const index = code < 0 ? NO_CLASS : this.#codeClass[code];
    return index === NO_CLASS ? Number.NaN : index;
  }
}
