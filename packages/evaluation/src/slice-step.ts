import { groupMoments, NODE } from '@lossmill/statistics';
import type { RowBatch } from './batch.js';
import type { Chunk } from './chunk.js';
import type { Entered } from './loss-step.js';
import type { LossTotals } from './partial.js';
import { SliceGroups } from './slice-groups.js';
import { SliceIndex } from './slice-index.js';
import type { SliceNodes } from './slice-nodes.js';
import type { SliceTotal, SliceTotals } from './slice-totals.js';

/** One slice set over one batch after the other. */
export class SliceStep {
  readonly #index: SliceIndex;
  readonly #set: number;
  readonly #losses: number;
  readonly #groups: SliceGroups;

  constructor(set: number, columns: readonly string[], chunk: Chunk, losses: number, rows: number) {
    const buffers = columns.map((name) => chunk.groups.get(name) as NonNullable<ReturnType<typeof chunk.groups.get>>);
    this.#index = new SliceIndex(columns, buffers);
    this.#set = set;
    this.#losses = losses;
    this.#groups = new SliceGroups(rows);
  }

  /** Group id -> key. */
  get keys(): readonly string[] {
    return this.#index.keys;
  }

  /** Finds the groups of a batch's rows and makes room for their moments, block by block; before `run`. */
  group(batch: RowBatch): SliceNodes[] {
    this.#groups.fill(batch, this.#index);
    return this.#groups.blocks.map((ids) => ({ ids, nodes: new Float64Array(ids.length * this.#losses * NODE) }));
  }

  /** Adds one loss's rows: exact sums to the totals, moments to the blocks that `group` gave. */
  run(batch: RowBatch, loss: number, totals: LossTotals, entered: Entered, blocks: readonly SliceNodes[]): void {
    this.#addSums(totals.slices[this.#set], entered);
    for (let b = 0; b < batch.blocks; b++) {
      groupMoments(entered.values, entered.weights, this.#groups.slots, batch.edges[b], batch.edges[b + 1], {
        nodes: blocks[b].nodes,
        stride: this.#losses,
        offset: loss,
      });
    }
  }

  /** Group after group, so that each accumulator is fetched once a batch. */
  #addSums(totals: SliceTotals, entered: Entered): void {
    const { present, ends, sorted, idle } = this.#groups;
    for (const id of idle) totals.get(this.#index.keys[id]).count++;
    let at = 0;
    for (let k = 0; k < present.length; k++) {
      const total = totals.get(this.#index.keys[present[k]]);
      total.count += ends[k] - at;
      if (entered.weights === null) for (; at < ends[k]; at++) total.sum.add(entered.values[sorted[at]]);
      else for (; at < ends[k]; at++) addWeighted(total, entered, sorted[at]);
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
