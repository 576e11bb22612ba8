import type { RowBatch } from './batch.js';
import type { SliceIndex } from './slice-index.js';

/** Which rows of a batch belong to which group, in the two orders that the sums want. Made once a batch, used by every loss. */
export class SliceGroups {
  /** Groups present in the batch. */
  present: number[] = [];
  /** Rows of present[k] are sorted[ends[k - 1]] .. sorted[ends[k] - 1], in row order. */
  readonly sorted: Int32Array;
  readonly ends: number[] = [];
  /** Per row that entered: which of its block's groups it belongs to. */
  readonly slots: Int32Array;
  /** Per block: its groups, ascending; a row's slot is a place in this list. */
  readonly blocks: Int32Array[] = [];
  /** Groups of the rows without weight, one entry a row. */
  idle: number[] = [];
  readonly #ids: Int32Array;
  readonly #all: Int32Array;
  #counts = new Int32Array(64);

  constructor(rows: number) {
    this.sorted = new Int32Array(rows);
    this.slots = new Int32Array(rows);
    this.#ids = new Int32Array(rows);
    this.#all = new Int32Array(rows);
  }

  fill(batch: RowBatch, index: SliceIndex): void {
    index.fill(batch.from, batch.rows, this.#all);
    for (let i = 0; i < batch.counted; i++) this.#ids[i] = this.#all[batch.offset(i)];
    this.idle = Array.from(batch.idle.subarray(0, batch.weightless), (offset) => this.#all[offset]);
    if (this.#counts.length < index.keys.length) this.#counts = new Int32Array(2 * index.keys.length);
    this.#sort(batch.counted);
    this.blocks.length = 0;
    for (let b = 0; b < batch.blocks; b++) this.#slotBlock(batch.edges[b], batch.edges[b + 1]);
  }

  /** Counting sort by group. */
  #sort(n: number): void {
    const counts = this.#counts;
    const ids = this.#ids;
    this.present = this.#presentIn(0, n);
    this.ends.length = 0;
    let start = 0;
    for (const id of this.present) {
      const count = counts[id];
      counts[id] = start;
      start += count;
      this.ends.push(start);
    }
    for (let i = 0; i < n; i++) this.sorted[counts[ids[i]]++] = i;
    for (const id of this.present) counts[id] = 0;
  }

  #slotBlock(from: number, to: number): void {
    const counts = this.#counts;
    const present = this.#presentIn(from, to);
    present.forEach((id, slot) => {
      counts[id] = slot;
    });
    for (let i = from; i < to; i++) this.slots[i] = counts[this.#ids[i]];
    for (const id of present) counts[id] = 0;
    this.blocks.push(Int32Array.from(present));
  }

  /** The groups of some rows, ascending; their rows are left counted. */
  #presentIn(from: number, to: number): number[] {
    const counts = this.#counts;
    const present: number[] = [];
    for (let i = from; i < to; i++) {
      if (counts[this.#ids[i]]++ === 0) present.push(this.#ids[i]);
    }
    return present.sort((a, b) => a - b);
  }
}
