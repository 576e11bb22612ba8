import type { RowBatch } from './batch.js';
import type { SliceBlocks } from './slice-blocks.js';

/** Numbers the groups that rows belong to, in order of first appearance, and names them by their key. */
export interface GroupIndex {
  /** Group id -> key: the JSON list of the group-by columns' texts (null: missing). */
  readonly keys: readonly string[];
  /** Group ids of rows [from, from + n) of the chunk; `start` is the absolute index of the first. */
  fill(from: number, n: number, ids: Int32Array, start: number): void;
}

/** Which rows of a batch belong to which group, in the two orders that the sums want. Made once a batch, used by every loss. */
export class SliceGroups {
  /** Groups present in the batch, ascending. */
  present: Int32Array = new Int32Array();
  /** Rows of present[k] are sorted[ends[k - 1]] .. sorted[ends[k] - 1], in row order. */
  readonly sorted: Int32Array;
  readonly ends: number[] = [];
  /** Per row that entered: the entry of its group in its block. */
  readonly entries: Int32Array;
  /** Groups of the rows without weight, one entry a row. */
  idle: number[] = [];
  readonly #ids: Int32Array;
  readonly #all: Int32Array;
  /** Per group; 0 between batches. */
  #counts = new Int32Array(64);

  constructor(rows: number) {
    this.sorted = new Int32Array(rows);
    this.entries = new Int32Array(rows);
    this.#ids = new Int32Array(rows);
    this.#all = new Int32Array(rows);
  }

  fill(batch: RowBatch, index: GroupIndex, blocks: SliceBlocks): void {
    this.#number(batch, index);
    this.#sort(batch.counted);
    blocks.begin(this.present);
    this.#enter(batch, blocks);
    blocks.clear();
  }

  #number(batch: RowBatch, index: GroupIndex): void {
    if (batch.whole) {
      index.fill(batch.from, batch.rows, this.#ids, batch.start);
      this.idle = [];
    } else {
      index.fill(batch.from, batch.rows, this.#all, batch.start);
      for (let i = 0; i < batch.counted; i++) this.#ids[i] = this.#all[batch.included[i]];
      this.idle = Array.from(batch.idle.subarray(0, batch.weightless), (offset) => this.#all[offset]);
    }
    if (this.#counts.length < index.keys.length) this.#counts = new Int32Array(2 * index.keys.length);
  }

  /** Counting sort by group. */
  #sort(n: number): void {
    const counts = this.#counts;
    const ids = this.#ids;
    const present: number[] = [];
    for (let i = 0; i < n; i++) {
      const id = ids[i];
      if (counts[id] === 0) present.push(id);
      counts[id]++;
    }
    this.present = Int32Array.from(present).sort();
    this.ends.length = 0;
    let start = 0;
    for (const id of this.present) {
      const count = counts[id];
      counts[id] = start;
      start += count;
      this.ends.push(start);
    }
    const { sorted } = this;
    for (let i = 0; i < n; i++) sorted[counts[ids[i]]++] = i;
  }

  /** Finds the entry of each row; leaves the counts 0. */
  #enter(batch: RowBatch, blocks: SliceBlocks): void {
    const counts = this.#counts;
    this.present.forEach((id, k) => {
      counts[id] = k;
    });
    for (let b = 0; b < batch.blocks; b++) {
      for (let i = batch.edges[b]; i < batch.edges[b + 1]; i++) this.entries[i] = blocks.entry(counts[this.#ids[i]], b);
    }
    for (const id of this.present) counts[id] = 0;
  }
}
