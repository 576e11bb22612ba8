import { type FoldTree, NODE } from '@lossmill/statistics';
import { mergeGradients, type Ordered } from './ordered.js';
import { BLOCK } from './plan.js';
import type { SliceBlocks } from './slice-blocks.js';
import { BLOCK_RECORD, type Workspace } from './workspace.js';

const NONE = new Float64Array();

/** The leaves of the fold tree for one batch: one per block, folded here as far as the batch reaches before they enter the tree. */
export class OrderedBatch {
  /** Block b, loss l: 3 numbers at (b * losses + l) * 3; empty without a gradient. */
  readonly gradient: Float64Array;
  /** Per group set. */
  slices: SliceBlocks[] = [];
  /** Blocks it has room for. */
  readonly capacity: number;
  readonly #space: Workspace;
  readonly #losses: number;

  /** `space` holds the moments, as the kernels wrote them. */
  constructor(space: Workspace, losses: number, wantsGradient: boolean) {
    const blocks = space.rows / BLOCK;
    this.#space = space;
    this.capacity = blocks;
    this.#losses = losses;
    this.gradient = new Float64Array(wantsGradient ? blocks * losses * 3 : 0);
  }

  /** Begins a batch; `slices` come from the slice steps. */
  clear(slices: SliceBlocks[]): void {
    this.slices = slices;
    if (this.gradient.length > 0) this.gradient.fill(0);
  }

  /** Hands blocks 0 .. blocks - 1 to the tree; block 0 has absolute index `first`. */
  emit(tree: FoldTree<Ordered>, first: number, blocks: number): void {
    for (let at = 0; at < blocks; ) {
      let level = 0;
      let size = 1;
      let index = first + at;
      // No remainders: of numbers that may be beyond 2^31 they are slow.
      for (let half = index / 2; half === Math.floor(half) && at + 2 * size <= blocks; half /= 2) {
        index = half;
        size *= 2;
        level++;
      }
      tree.add(level, index, this.#fold(at, size));
      at += size;
    }
  }

  /** Folds an aligned run of blocks pairwise: the same merges the tree would make, without its bookkeeping. */
  #fold(at: number, blocks: number): Ordered {
    if (blocks > 1) this.#space.foldMoments(at, blocks);
    return {
      moments: this.#nodes(at),
      gradient: this.gradient.length > 0 ? this.#foldGradient(at, blocks) : NONE,
      slices: this.slices.map((slices) => slices.fold(at, blocks)),
    };
  }

  #foldGradient(at: number, blocks: number): Float64Array {
    const width = this.#losses * 3;
    for (let step = 1; step < blocks; step *= 2) {
      for (let b = at; b < at + blocks; b += 2 * step)
        mergeGradients(this.gradient, b * width, this.gradient, (b + step) * width, width);
    }
    return this.gradient.slice(at * width, (at + 1) * width);
  }

  /** One block's nodes, loss after loss. */
  #nodes(block: number): Float64Array {
    const nodes = new Float64Array(this.#losses * NODE);
    const from = block * BLOCK_RECORD;
    for (let loss = 0; loss < this.#losses; loss++) {
      const records = this.#space.blocks[loss];
      for (let j = 0; j < NODE; j++) nodes[loss * NODE + j] = records[from + j];
    }
    return nodes;
  }
}
