import type { Kernels } from '@lossmill/kernels';
import type { RowBatch } from './batch.js';
import type { Chunk } from './chunk.js';
import type { GradientSums } from './gradient-sums.js';
import type { Entered, LossStep } from './loss-step.js';
import type { Outputs } from './outputs.js';
import type { LossTotals } from './partial.js';
import { BAD, COUNTED, IGNORED } from './row-status.js';
import type { Workspace } from './workspace.js';

/** Row losses and gradients of one batch: written out and, for gradients, summed up. */
export class OutputStep {
  constructor(
    private readonly kernels: Kernels,
    private readonly chunk: Chunk,
    private readonly space: Workspace,
    private readonly outputs: Outputs,
    /** Per loss; null where no gradient is wanted. */
    private readonly sums: readonly GradientSums[] | null,
  ) {}

  /** After the loss step of the same batch: the row losses are still in the workspace. */
  run(step: LossStep, batch: RowBatch, status: Uint8Array | null, entered: Entered, totals: LossTotals): void {
    if (this.outputs.losses) this.#writeLosses(step, batch, status);
    const sums = this.sums?.[step.index];
    if (!sums || !totals.gradient) return;
    if (entered.weights) sums.keepWeights(entered.weights, batch.counted);
    sums.add(this.#gradient(step, batch, status), batch, totals.gradient);
  }

  #writeLosses(step: LossStep, batch: RowBatch, status: Uint8Array | null): void {
    const losses = this.space.losses.slice(0, batch.rows);
    for (let i = 0; status && i < batch.rows; i++) {
      const kind = status[batch.from + i];
      if (kind === IGNORED || kind === BAD) losses[i] = Number.NaN;
    }
    this.outputs.losses?.(step.index, batch.start, losses);
  }

  #gradient(step: LossStep, batch: RowBatch, status: Uint8Array | null): Float32Array | Float64Array {
    const { exports } = this.kernels;
    const { pointers, weights, gradient } = this.space;
    const { width } = this.chunk.prediction;
    const described = step.describe(batch);
    step.loss.gradient(exports, described, pointers.gradient);
    const rowWeights = this.chunk.weight?.view;
    // Of several outputs, the row's loss is their mean.
    const share = this.space.elements ? width : 1;
    if (status || rowWeights || share > 1) {
      for (let i = 0; i < batch.rows; i++) {
        const counted = !status || status[batch.from + i] === COUNTED;
        weights[i] = counted ? (rowWeights?.[batch.from + i] ?? 1) / share : 0;
      }
      exports[`scale_rows_${described.type}`](pointers.gradient, pointers.weights, batch.rows, width);
    }
    const values = gradient.subarray(0, batch.rows * width);
    this.outputs.gradient?.(step.index, batch.start, values);
    return values;
  }
}
