import type { Kernels } from '@lossmill/kernels';
import type { RowBatch } from './batch.js';
import type { Chunk } from './chunk.js';
import type { GradientSums } from './gradient-sums.js';
import type { Entered, LossStep, Rows } from './loss-step.js';
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
    if (!sums || !totals.gradient || this.chunk.isStriped) return;
    if (entered.weights) sums.keepWeights(entered.weights, batch.counted);
    sums.add(this.#gradient(step, batch, batch.start, status), batch, totals.gradient);
  }

  /** The gradient of a strip; `start` is the absolute index of its first row. */
  keep(step: LossStep, strip: Rows, start: number, status: Uint8Array | null, totals: LossTotals): void {
    const sums = this.sums?.[step.index];
    if (sums && totals.gradient) sums.addElements(this.#gradient(step, strip, start, status), totals.gradient);
  }

  #writeLosses(step: LossStep, batch: RowBatch, status: Uint8Array | null): void {
    const losses = this.space.losses.slice(0, batch.rows);
    for (let i = 0; status && i < batch.rows; i++) {
      const kind = status[batch.from + i];
      if (kind === IGNORED || kind === BAD) losses[i] = Number.NaN;
    }
    this.outputs.losses?.(step.index, batch.start, losses);
  }

  #gradient(step: LossStep, part: Rows, start: number, status: Uint8Array | null): Float32Array | Float64Array {
    const { from, rows } = part;
    const { exports } = this.kernels;
    const { pointers, weights, gradient } = this.space;
    const { width } = this.chunk.prediction;
    const described = step.describe(part);
    if (!step.leavesGradient) step.loss.gradient(exports, described, pointers.gradient);
    const rowWeights = this.chunk.weight?.view;
    // Of several outputs, the row's loss is their mean.
    const share = this.space.elements ? width : 1;
    if (status || rowWeights || share > 1) {
      for (let i = 0; i < rows; i++) {
        const counted = !status || status[from + i] === COUNTED;
        weights[i] = counted ? (rowWeights?.[from + i] ?? 1) / share : 0;
      }
      exports[`scale_rows_${described.type}`](pointers.gradient, pointers.weights, rows, width);
    }
    const values = gradient.subarray(0, rows * width);
    this.outputs.gradient?.(step.index, start, values);
    return values;
  }
}
