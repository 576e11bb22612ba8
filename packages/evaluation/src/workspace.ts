import { ACCUMULATOR_BYTES, ExactSum } from '@lossmill/exact-sum';
import type { Kernels } from '@lossmill/kernels';
import type { BoundLoss } from '@lossmill/losses';
import type { Chunk } from './chunk.js';
import { BLOCK_RECORD, ElementSpace } from './element-space.js';
import { outputsOf } from './multi-output.js';
import { BLOCK } from './plan.js';
import type { ResolvedSpec } from './resolve.js';

/** Rows that go through a kernel at once: their row losses stay in the nearest cache. A power of two blocks. */
const MOST_ROWS = 4096;

type Floats = Float32Array | Float64Array;

const gradientRows = ({ rows }: Workspace, { strip }: Chunk): number => Math.min(rows, strip);

/** Scratch memory for one batch of rows, allocated once per thread. */
export class Workspace {
  readonly rows: number;
  readonly #kernels: Kernels;
  readonly #pointers: {
    losses: number;
    values: number;
    weights: number;
    blocks: number[];
    range: number;
    hits: number;
    gradient: number;
    accumulators: number[];
    classWeights: number[];
  };
  losses: Float64Array = new Float64Array();
  /** Row losses that enter the sums, side by side; room for MOST_ROWS of them, or gradient elements, in any case. */
  values: Float64Array = new Float64Array();
  weights: Float64Array = new Float64Array();
  /** Per loss, BLOCK_RECORD numbers a block. */
  blocks: Float64Array[] = [];
  /** Least and greatest row loss of a batch. */
  range: Float64Array = new Float64Array();
  decided: Int32Array = new Int32Array();
  gradient: Floats = new Float64Array();
  /** Where a row has several outputs. */
  readonly elements: ElementSpace | null;

  constructor(
    kernels: Kernels,
    chunk: Chunk,
    losses: readonly BoundLoss[],
    wantsGradient: boolean,
    spec: ResolvedSpec,
  ) {
    this.#kernels = kernels;
    this.rows = Math.min(MOST_ROWS, chunk.capacity);
    const { memory } = kernels;
    const size = chunk.type === 'f32' ? 4 : 8;
    this.elements = outputsOf(spec) > 0 ? new ElementSpace(kernels, spec, this.rows) : null;
    this.#pointers = {
      losses: memory.allocate(this.rows * 8),
      values: memory.allocate(MOST_ROWS * 8),
      weights: memory.allocate(this.rows * 8),
      blocks: losses.map(() => memory.allocate((this.rows / BLOCK) * BLOCK_RECORD * 8)),
      range: memory.allocate(16),
      hits: memory.allocate(this.rows * 4),
      gradient: wantsGradient ? memory.allocate(gradientRows(this, chunk) * chunk.prediction.width * size) : 0,
      accumulators: losses.flatMap(() => [memory.allocate(ACCUMULATOR_BYTES), memory.allocate(ACCUMULATOR_BYTES)]),
      classWeights: losses.map((loss) => (loss.classWeight ? memory.allocate(loss.classWeight.length * 8) : 0)),
    };
  }

  get pointers() {
    return this.#pointers;
  }

  /** Takes the views, after all allocations of the thread. */
  attach(chunk: Chunk, losses: readonly BoundLoss[], wantsGradient: boolean): void {
    const { memory, exports } = this.#kernels;
    const at = this.#pointers;
    this.losses = memory.f64(at.losses, this.rows);
    this.values = memory.f64(at.values, MOST_ROWS);
    this.weights = memory.f64(at.weights, this.rows);
    this.blocks = at.blocks.map((pointer) => memory.f64(pointer, (this.rows / BLOCK) * BLOCK_RECORD));
    this.range = memory.f64(at.range, 2);
    this.decided = memory.i32(at.hits, this.rows);
    this.elements?.attach();
    if (wantsGradient) {
      const length = gradientRows(this, chunk) * chunk.prediction.width;
      this.gradient = chunk.type === 'f32' ? memory.f32(at.gradient, length) : memory.f64(at.gradient, length);
    }
    for (const pointer of at.accumulators) exports.exact_reset(pointer);
    losses.forEach((loss, i) => {
      if (loss.classWeight) memory.f64(at.classWeights[i], loss.classWeight.length).set(loss.classWeight);
    });
  }

  /** Folds the moments of an aligned run of blocks, a power of two, into its first block's, for each loss. */
  foldMoments(at: number, blocks: number): void {
    for (const records of this.#pointers.blocks)
      this.#kernels.exports.moments_fold_f64(records + at * BLOCK_RECORD * 8, blocks);
  }

  /** Moves what a loss's kernel accumulators hold into the sums. */
  drain(loss: number, sum: ExactSum, weight: ExactSum): void {
    [sum, weight].forEach((target, j) => {
      const pointer = this.#pointers.accumulators[2 * loss + j];
      this.#kernels.exports.exact_normalize(pointer);
      target.merge(ExactSum.fromAccumulator(this.#kernels.memory.u8(pointer, ACCUMULATOR_BYTES)));
      this.#kernels.exports.exact_reset(pointer);
    });
  }
}
