import type { Kernels } from '@lossmill/kernels';
import type { RowBatch } from './batch.js';
import type { Chunk } from './chunk.js';
import type { LossStep } from './loss-step.js';
import type { OrderedBatch } from './ordered-batch.js';
import type { Outputs } from './outputs.js';
import { BLOCK } from './plan.js';
import { BAD, COUNTED, IGNORED } from './row-status.js';
import type { Workspace } from './workspace.js';

/** Row losses and gradients of one batch: written out and, for gradients, summed up. */
export class OutputStep {
  constructor(
    private readonly kernels: Kernels,
    private readonly chunk: Chunk,
    private readonly space: Workspace,
    private readonly outputs: Outputs,
    private readonly wantsGradient: boolean,
  ) {}

  /** After the loss step of the same batch: the row losses are still in the workspace. */
  run(step: LossStep, batch: RowBatch, status: Uint8Array | null, ordered: OrderedBatch): void {
    if (this.outputs.losses) this.#writeLosses(step, batch, status);
    if (this.wantsGradient) this.#gradient(step, batch, status, ordered);
  }

  #writeLosses(step: LossStep, batch: RowBatch, status: Uint8Array | null): void {
    const losses = this.space.losses.slice(0, batch.rows);
    for (let i = 0; status && i < batch.rows; i++) {
      const kind = status[batch.from + i];
      if (kind === IGNORED || kind === BAD) losses[i] = Number.NaN;
    }
    this.outputs.losses?.(step.index, batch.start, losses);
  }

  #gradient(step: LossStep, batch: RowBatch, status: Uint8Array | null, ordered: OrderedBatch): void {
    const { exports } = this.kernels;
    const { pointers, weights, gradient } = this.space;
    const { width } = this.chunk.prediction;
    const described = step.describe(batch);
    step.loss.gradient(exports, described, pointers.gradient);
    const rowWeights = this.chunk.weight?.view;
    if (status || rowWeights) {
      for (let i = 0; i < batch.rows; i++) {
        const counted = !status || status[batch.from + i] === COUNTED;
        weights[i] = counted ? (rowWeights?.[batch.from + i] ?? 1) : 0;
      }
      exports[`scale_rows_${described.type}`](pointers.gradient, pointers.weights, batch.rows, width);
    }
    const values = gradient.subarray(0, batch.rows * width);
    for (let b = 0; b < batch.blocks; b++) this.#sum(values, b, step.index, ordered);
    this.outputs.gradient?.(step.index, batch.start, values);
  }

  /** [sum of g^2, sum of g, greatest |g|] of one block, in row order. */
  #sum(values: Float32Array | Float64Array, block: number, loss: number, ordered: OrderedBatch): void {
    const { width } = this.chunk.prediction;
    const end = Math.min((block + 1) * BLOCK * width, values.length);
    let squares = 0;
    let sum = 0;
    let greatest = 0;
    for (let i = block * BLOCK * width; i < end; i++) {
      const g = values[i];
      squares += g * g;
      sum += g;
      const size = Math.abs(g);
      // A NaN stays.
      if (!(size <= greatest) && !Number.isNaN(greatest)) greatest = size;
    }
    const losses = ordered.gradient.length / (ordered.capacity * 3);
    const at = (block * losses + loss) * 3;
    ordered.gradient[at] = squares;
    ordered.gradient[at + 1] = sum;
    ordered.gradient[at + 2] = greatest;
  }
}
