import { type FoldTree, NODE } from '@lossmill/statistics';
import { BLOCK_RECORD } from './element-space.js';
import type { Ordered } from './ordered.js';
import type { SliceBlocks } from './slice-blocks.js';
import type { Workspace } from './workspace.js';

const NONE = new Float64Array();

/** The leaves of the fold tree for one batch: one per block, folded here as far as the batch reaches before they enter the tree. */
export class OrderedBatch {
  /** Per group set. */
  slices: SliceBlocks[] = [];
  readonly #space: Workspace;
  readonly #losses: number;

  /** `space` holds the moments, as the kernels wrote them. */
  constructor(space: Workspace, losses: number) {
    this.#space = space;
    this.#losses = losses;
  }

  /** Begins a batch; `slices` come from the slice steps. */
  clear(slices: SliceBlocks[]): void {
    this.slices = slices;
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
      elements: this.#space.elements?.fold(at, blocks) ?? NONE,
      slices: this.slices.map((slices) => slices.fold(at, blocks)),
    };
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
