import { type Kernels, reference } from '@lossmill/kernels';
import type { Batch, BoundLoss } from '@lossmill/losses';
import type { RowBatch } from './batch.js';
import type { Chunk } from './chunk.js';
import { BLOCK_RECORD, type ElementSpace } from './element-space.js';
import { wantsTargets } from './multi-output.js';
import type { ResolvedSpec } from './resolve.js';
import type { Workspace } from './workspace.js';

/** Rows of several outputs: their losses from those of their elements, and the sums and moments of each output. */
export class ElementStep {
  readonly #space: ElementSpace;
  /** The loss at whose turn the moments of the targets are taken, if they are wanted. */
  readonly #targets: number | null;

  constructor(
    private readonly kernels: Kernels,
    private readonly chunk: Chunk,
    private readonly workspace: Workspace,
    space: ElementSpace,
    spec: ResolvedSpec,
  ) {
    this.#space = space;
    this.#targets = wantsTargets(spec) ? spec.losses.findIndex(({ name }) => name === 'mse') : null;
  }

  /** The row losses of a batch, to `out`; its element losses are left in columns. `described` is in elements. */
  value(loss: BoundLoss, described: Batch, batch: RowBatch, out: number): void {
    const { outputs, pointers, unsure, view } = this.#space;
    const { exports } = this.kernels;
    loss.value(exports, described, pointers.elements);
    exports.columns_f64(pointers.elements, batch.rows, outputs, pointers.columns);
    const left = exports.row_means_f64(pointers.columns, batch.rows, outputs, out, pointers.unsure);
    const { losses } = this.workspace;
    for (let i = 0; i < left; i++) losses[unsure[i]] = reference.row_mean_f64(view, unsure[i], batch.rows, outputs);
  }

  /** Adds the rows that entered to the sums and moments of each output of one loss. */
  add(loss: number, batch: RowBatch, weighted: boolean): void {
    const { reported, pointers } = this.#space;
    const { exports } = this.kernels;
    const { weights } = this.workspace.pointers;
    const n = batch.counted;
    for (let k = 0; k < reported; k++) {
      const values = this.#column(batch, k);
      const sum = this.#space.accumulator(loss, k);
      if (weighted) exports.exact_add_products_f64(sum, weights, values, n);
      else exports.exact_add_f64(sum, values, n);
      this.#moments(loss * reported + k, batch, values, weighted);
    }
    if (loss !== this.#targets || !this.chunk.target) return;
    const { type, target } = this.chunk;
    const from = target.pointer + batch.from * target.width * (type === 'f32' ? 4 : 8);
    exports[`columns_${type}`](from, batch.rows, target.width, pointers.columns);
    const first = this.workspace.blocks.length * reported;
    for (let k = 0; k < reported; k++) this.#moments(first + k, batch, this.#column(batch, k), weighted);
  }

  /** Brings the values of a column that enter side by side; returns where they lie. */
  #column(batch: RowBatch, k: number): number {
    const { view, pointers } = this.#space;
    const from = k * batch.rows;
    if (!batch.whole) {
      const { included, counted } = batch;
      for (let i = 0; i < counted; i++) view[from + i] = view[from + included[i]];
    }
    return pointers.columns + from * 8;
  }

  #moments(column: number, batch: RowBatch, values: number, weighted: boolean): void {
    const space = this.#space;
    const { exports } = this.kernels;
    const records = space.record(column);
    if (batch.whole && !weighted) {
      exports.moments_f64(values, batch.rows, records);
      return;
    }
    const { weights } = this.workspace.pointers;
    for (let b = 0; b < batch.blocks; b++) {
      const from = batch.edges[b] * 8;
      const n = batch.edges[b + 1] - batch.edges[b];
      const out = records + b * BLOCK_RECORD * 8;
      if (n === 0) space.clear(column, b);
      else if (weighted) exports.moments_weighted_f64(values + from, weights + from, n, out);
      else exports.moments_f64(values + from, n, out);
    }
  }
}
