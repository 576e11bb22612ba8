import { type FoldTree, mergeMoments, NODE } from '@lossmill/statistics';
import { mergeOrdered, type Ordered } from './ordered.js';
import { BLOCK } from './plan.js';
import type { SliceNodes } from './slice-nodes.js';

/** The leaves of the fold tree for one batch: one per block, folded here as far as the batch reaches before they enter the tree. */
export class OrderedBatch {
  /** Block b, loss l: node at (b * losses + l) * NODE. */
  readonly moments: Float64Array;
  /** Block b, loss l: 3 numbers at (b * losses + l) * 3; empty without a gradient. */
  readonly gradient: Float64Array;
  /** Per slice set, per block. */
  slices: SliceNodes[][] = [];
  /** Blocks it has room for. */
  readonly capacity: number;
  readonly #losses: number;
  readonly #sets: number;

  constructor(rows: number, losses: number, sets: number, wantsGradient: boolean) {
    const blocks = rows / BLOCK;
    this.capacity = blocks;
    this.#losses = losses;
    this.#sets = sets;
    this.moments = new Float64Array(blocks * losses * NODE);
    this.gradient = new Float64Array(wantsGradient ? blocks * losses * 3 : 0);
  }

  /** Empties the leaves; `slices` come from the slice steps. */
  clear(slices: SliceNodes[][]): void {
    this.slices = slices;
    this.moments.fill(0);
    this.gradient.fill(0);
  }

  /** Hands blocks 0 .. blocks - 1 to the tree; block 0 has absolute index `first`. */
  emit(tree: FoldTree<Ordered>, first: number, blocks: number): void {
    for (let at = 0; at < blocks; ) {
      let level = 0;
      while ((first + at) % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= blocks) level++;
      tree.add(level, (first + at) / 2 ** level, this.#fold(at, 2 ** level));
      at += 2 ** level;
    }
  }

  /** Folds an aligned run of blocks pairwise: the same merges the tree would make, without its bookkeeping. */
  #fold(at: number, blocks: number): Ordered {
    if (this.#sets > 0 || this.gradient.length > 0) return this.#foldAll(at, blocks);
    const width = this.#losses * NODE;
    for (let step = 1; step < blocks; step *= 2) {
      for (let b = at; b < at + blocks; b += 2 * step) {
        for (let l = 0; l < width; l += NODE)
          mergeMoments(this.moments, b * width + l, this.moments, (b + step) * width + l);
      }
    }
    return { moments: this.moments.slice(at * width, (at + 1) * width), gradient: new Float64Array(), slices: [] };
  }

  #foldAll(at: number, blocks: number): Ordered {
    if (blocks > 1) return mergeOrdered(this.#foldAll(at, blocks / 2), this.#foldAll(at + blocks / 2, blocks / 2));
    const width = this.#losses * NODE;
    const gradient =
      this.gradient.length > 0
        ? this.gradient.slice(at * this.#losses * 3, (at + 1) * this.#losses * 3)
        : new Float64Array();
    return {
      moments: this.moments.slice(at * width, (at + 1) * width),
      gradient,
      slices: this.slices.map((blocks) => blocks[at]),
    };
  }
}
