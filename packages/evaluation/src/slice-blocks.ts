import { mergeMoments, NODE } from '@lossmill/statistics';
import type { SliceNodes } from './slice-nodes.js';

/**
 * Moments of the groups in each block of one batch. A group that has rows in a block has an *entry*: NODE numbers a loss. Entries are
 * merged where they lie, along the same tree as the moments of all rows; nothing is made for blocks in which a group is absent.
 */
export class SliceBlocks {
  /** Entry e, loss l: node at (e * losses + l) * NODE; 0 when a batch begins. */
  nodes: Float64Array = new Float64Array();
  readonly #losses: number;
  /** Blocks of a batch. */
  readonly #blocks: number;
  #entries = 0;
  #groups: Int32Array = new Int32Array();
  /** Group k of the batch, block b: the entry at k * #blocks + b, ABSENT without one. */
  #places: Int32Array = new Int32Array();

  constructor(losses: number, blocks: number) {
    this.#losses = losses;
    this.#blocks = blocks;
  }

  /** Begins a batch of these groups, ascending. */
  begin(groups: Int32Array): void {
    const places = groups.length * this.#blocks;
    if (this.#places.length < places) this.#places = new Int32Array(2 * places);
    this.#places.fill(ABSENT, 0, places);
    this.#groups = groups;
    this.#entries = 0;
  }

  /** The entry of the batch's k-th group in a block. */
  entry(k: number, block: number): number {
    const at = k * this.#blocks + block;
    if (this.#places[at] === ABSENT) this.#places[at] = this.#entries++;
    return this.#places[at];
  }

  /** Makes room for the nodes of all entries. */
  clear(): void {
    const length = this.#entries * this.#losses * NODE;
    if (this.nodes.length < length) this.nodes = new Float64Array(2 * length);
    else this.nodes.fill(0, 0, length);
  }

  /** Folds an aligned run of blocks; its entries are used up. */
  fold(at: number, blocks: number): SliceNodes {
    const ids = new Int32Array(this.#groups.length);
    const entries = new Int32Array(this.#groups.length);
    let size = 0;
    for (let k = 0; k < this.#groups.length; k++) {
      const entry = this.#foldGroup(k * this.#blocks + at, blocks);
      if (entry === ABSENT) continue;
      ids[size] = this.#groups[k];
      entries[size++] = entry;
    }
    return { ids: ids.slice(0, size), nodes: this.#gather(entries, size) };
  }

  #foldGroup(at: number, blocks: number): number {
    const places = this.#places;
    for (let step = 1; step < blocks; step *= 2) {
      for (let left = at; left < at + blocks; left += 2 * step) {
        const right = places[left + step];
        if (right === ABSENT) continue;
        if (places[left] === ABSENT) places[left] = right;
        else this.#merge(places[left], right);
      }
    }
    return places[at];
  }

  #merge(left: number, right: number): void {
    const width = this.#losses * NODE;
    for (let j = 0; j < width; j += NODE) mergeMoments(this.nodes, left * width + j, this.nodes, right * width + j);
  }

  #gather(entries: Int32Array, size: number): Float64Array {
    const width = this.#losses * NODE;
    const nodes = new Float64Array(size * width);
    for (let k = 0, to = 0; k < size; k++) {
      for (let from = entries[k] * width, end = from + width; from < end; from++, to++) nodes[to] = this.nodes[from];
    }
    return nodes;
  }
}

const ABSENT = -1;
