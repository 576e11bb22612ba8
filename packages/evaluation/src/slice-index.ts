import type { TextBuffer } from '@lossmill/dataset';
import { EvaluationError } from './errors.js';
import type { GroupIndex } from './slice-groups.js';

/** More groups than this in one slice set are refused: each keeps its own exact sums. */
const MOST_SLICES = 10_000;

const RADIX = 2 ** 26;

/** How many groups there may be, and the error where there are more, with one as an example. */
export interface GroupLimit {
  most: number;
  tooMany(columns: readonly string[], example: readonly (string | null)[]): Error;
}

/** The groups of some columns, read as text. */
export class SliceIndex implements GroupIndex {
  /** Group id -> key: the JSON list of the columns' texts (null: missing). */
  readonly keys: string[] = [];
  readonly #columns: readonly string[];
  readonly #buffers: readonly TextBuffer[];
  /** One map per column: (id of the prefix, code) -> id of the longer prefix; the last gives group ids. */
  readonly #steps: Map<number, number>[];
  /** The first of these maps as an array by code + 1, which is read faster. */
  readonly #known: (number | undefined)[] = [];
  readonly #prefixes: (string | null)[][][];
  readonly #limit: GroupLimit;

  constructor(columns: readonly string[], buffers: readonly TextBuffer[], limit = SLICE_LIMIT) {
    this.#limit = limit;
    this.#columns = columns;
    this.#buffers = buffers;
    this.#steps = columns.map(() => new Map());
    this.#prefixes = columns.map(() => []);
  }

  /** Group ids of rows [from, from + n) of the chunk. */
  fill(from: number, n: number, ids: Int32Array): void {
    const { codes } = this.#buffers[0];
    const known = this.#known;
    const alone = this.#buffers.length === 1;
    for (let i = 0; i < n; i++) {
      const id = alone ? known[codes[from + i] + 1] : undefined;
      ids[i] = id ?? this.#id(from + i);
    }
  }

  #id(row: number): number {
    let prefix = 0;
    for (let j = 0; j < this.#buffers.length; j++) {
      const code = this.#buffers[j].codes[row];
      const next = this.#steps[j].get(prefix * RADIX + code + 1);
      prefix = next ?? this.#grow(j, prefix, code);
    }
    return prefix;
  }

  #grow(j: number, prefix: number, code: number): number {
    const id = this.#steps[j].size;
    if (j === 0) this.#known[code + 1] = id;
    const text = code < 0 ? null : this.#buffers[j].dictionary.values[code];
    const parts = j === 0 ? [text] : [...this.#prefixes[j - 1][prefix], text];
    if (id >= (j === this.#buffers.length - 1 ? this.#limit.most : RADIX / 2))
      throw this.#limit.tooMany(this.#columns, parts);
    this.#steps[j].set(prefix * RADIX + code + 1, id);
    this.#prefixes[j].push(parts);
    if (j === this.#buffers.length - 1) this.keys.push(JSON.stringify(parts));
    return id;
  }
}

function tooMany(columns: readonly string[], example: readonly (string | null)[]): EvaluationError {
  const name = columns.join(' x ');
  return new EvaluationError(
    'TOO_MANY_SLICES',
    `slices: ${name} has more than ${MOST_SLICES.toLocaleString('en')} distinct values (one is ${JSON.stringify(example)}). Slice by a column with fewer; a row's own loss is in --row-losses.`,
    { path: 'slices', column: name },
  );
}

const SLICE_LIMIT: GroupLimit = { most: MOST_SLICES, tooMany };
