import { groupMoments } from '@lossmill/statistics';
import type { RowBatch } from './batch.js';
import type { Chunk } from './chunk.js';
import type { Entered } from './loss-step.js';
import type { LossTotals } from './partial.js';
import { BLOCK } from './plan.js';
import { SliceBlocks } from './slice-blocks.js';
import { SliceGroups } from './slice-groups.js';
import { SliceIndex } from './slice-index.js';
import type { SliceTotal, SliceTotals } from './slice-totals.js';

/** One slice set over one batch after the other. */
export class SliceStep {
  readonly #index: SliceIndex;
  readonly #set: number;
  readonly #losses: number;
  readonly #groups: SliceGroups;
  readonly #blocks: SliceBlocks;

  constructor(set: number, columns: readonly string[], chunk: Chunk, losses: number, rows: number) {
    const buffers = columns.map((name) => chunk.groups.get(name) as NonNullable<ReturnType<typeof chunk.groups.get>>);
    this.#index = new SliceIndex(columns, buffers);
    this.#set = set;
    this.#losses = losses;
    this.#groups = new SliceGroups(rows);
    this.#blocks = new SliceBlocks(losses, rows / BLOCK);
  }

  /** Group id -> key. */
  get keys(): readonly string[] {
    return this.#index.keys;
  }

  /** Finds the groups of a batch's rows and makes room for their moments; before `run`. */
  group(batch: RowBatch): SliceBlocks {
    this.#groups.fill(batch, this.#index, this.#blocks);
    return this.#blocks;
  }

  /** Adds one loss's rows: exact sums to the totals, moments to the batch's blocks. */
  run(batch: RowBatch, loss: number, totals: LossTotals, entered: Entered): void {
    this.#addSums(totals.slices[this.#set], entered);
    groupMoments(entered.values, entered.weights, this.#groups.entries, 0, batch.counted, {
      nodes: this.#blocks.nodes,
      stride: this.#losses,
      offset: loss,
    });
  }

  /** Group after group, so that each accumulator is fetched once a batch. */
  #addSums(totals: SliceTotals, entered: Entered): void {
    const { present, ends, sorted, idle } = this.#groups;
    const { values, weights } = entered;
    for (const id of idle) totals.get(this.#index.keys[id]).count++;
    let at = 0;
    for (let k = 0; k < present.length; k++) {
      const total = totals.get(this.#index.keys[present[k]]);
      const end = ends[k];
      total.count += end - at;
      if (weights === null) for (; at < end; at++) total.sum.add(values[sorted[at]]);
      else for (; at < end; at++) addWeighted(total, entered, sorted[at]);
    }
  }
}

function addWeighted(total: SliceTotal, { values, weights, factors }: Entered, i: number): void {
  if (factors) {
    total.sum.addProduct(factors.rows[i], factors.losses[i]);
    total.weight.addProduct(factors.rows[i], factors.classes[i]);
  } else if (weights) {
    total.sum.addProduct(weights[i], values[i]);
    total.weight.add(weights[i]);
  }
}
