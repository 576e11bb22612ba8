import { GroupMoments, NODE } from '@lossmill/statistics';
import type { RowBatch } from './batch.js';
import type { Chunk } from './chunk.js';
import type { Entered } from './loss-step.js';
import type { OrderedBatch } from './ordered-batch.js';
import type { LossTotals } from './partial.js';
import { SliceIndex } from './slice-index.js';
import type { SliceTotal } from './slice-totals.js';

/** One slice set over one batch after the other. */
export class SliceStep {
  readonly #index: SliceIndex;
  readonly #set: number;
  readonly #losses: number;
  readonly #groups = new GroupMoments();
  /** Group of each row that entered the sums, side by side. */
  readonly #ids: Int32Array;
  #all: Int32Array;

  constructor(set: number, columns: readonly string[], chunk: Chunk, losses: number, rows: number) {
    const buffers = columns.map((name) => chunk.groups.get(name) as NonNullable<ReturnType<typeof chunk.groups.get>>);
    this.#index = new SliceIndex(columns, buffers);
    this.#set = set;
    this.#losses = losses;
    this.#ids = new Int32Array(rows);
    this.#all = new Int32Array(rows);
  }

  /** Finds the groups of a batch's rows; before `run`. */
  group(batch: RowBatch): void {
    this.#index.fill(batch.from, batch.rows, this.#all);
    for (let i = 0; i < batch.counted; i++) this.#ids[i] = this.#all[batch.offset(i)];
  }

  /** Adds one loss's rows. */
  run(batch: RowBatch, loss: number, totals: LossTotals, entered: Entered, ordered: OrderedBatch): void {
    const { values, weights } = entered;
    const byId: SliceTotal[] = [];
    for (let i = 0; i < batch.counted; i++) {
      const id = this.#ids[i];
      byId[id] ??= totals.slices[this.#set].get(this.#index.keys[id]);
      addRow(byId[id], entered, i);
    }
    for (let b = 0; b < batch.blocks; b++) {
      const present = this.#groups.block(values, weights, this.#ids, batch.edges[b], batch.edges[b + 1]);
      const slices = ordered.slices[b][this.#set];
      for (const id of present) this.#groups.copy(id, this.#nodes(slices, this.#index.keys[id]), loss * NODE);
    }
  }

  #nodes(slices: Map<string, Float64Array>, key: string): Float64Array {
    let nodes = slices.get(key);
    if (!nodes) {
      nodes = new Float64Array(this.#losses * NODE);
      slices.set(key, nodes);
    }
    return nodes;
  }
}

function addRow(total: SliceTotal, { values, weights, factors }: Entered, i: number): void {
  total.count++;
  if (weights === null) total.sum.add(values[i]);
  else if (factors) {
    total.sum.addProduct(factors.rows[i], factors.losses[i]);
    total.weight.addProduct(factors.rows[i], factors.classes[i]);
  } else {
    total.sum.addProduct(weights[i], values[i]);
    total.weight.add(weights[i]);
  }
}
