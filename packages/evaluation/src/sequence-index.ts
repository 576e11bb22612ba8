import { MOST_CLUSTERS, type SequenceRun } from './clusters.js';
import type { GroupIndex } from './slice-groups.js';

/** Numbers the sequences that rows belong to, in order of first appearance; a sequence's key is its place in the dataset. */
export class SequenceIndex implements GroupIndex {
  readonly keys: string[] = [];
  readonly #runs: readonly SequenceRun[];
  readonly #ids = new Map<number, number>();
  #run = 0;

  constructor(runs: readonly SequenceRun[]) {
    this.#runs = runs;
  }

  /** Group ids of n rows; `start` is the absolute index of the first. */
  fill(_from: number, n: number, ids: Int32Array, start: number): void {
    for (let i = 0; i < n; ) {
      const row = start + i;
      const { start: first, steps, first: number } = this.#find(row);
      const sequence = Math.floor((row - first) / steps);
      const end = Math.min(n, i + (sequence + 1) * steps - (row - first));
      ids.fill(this.#id(number + sequence), i, end);
      i = end;
    }
  }

  /** Rows come in order but for the beginnings of shards. */
  #find(row: number): SequenceRun {
    if (row < this.#runs[this.#run].start) this.#run = 0;
    while (row >= this.#runs[this.#run].end) this.#run++;
    return this.#runs[this.#run];
  }

  #id(sequence: number): number {
    const known = this.#ids.get(sequence);
    if (known !== undefined) return known;
    const id = this.keys.length;
    if (id >= MOST_CLUSTERS) throw new RangeError('There are more sequences than a plan allows.');
    this.#ids.set(sequence, id);
    this.keys.push(JSON.stringify([sequence]));
    return id;
  }
}
