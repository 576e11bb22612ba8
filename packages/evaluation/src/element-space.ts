import { ACCUMULATOR_BYTES, ExactSum } from '@lossmill/exact-sum';
import type { Kernels } from '@lossmill/kernels';
import { NODE } from '@lossmill/statistics';
import { momentColumns, outputsOf, reportedOutputs } from './multi-output.js';
import { BLOCK } from './plan.js';
import type { ResolvedSpec } from './resolve.js';

/** Numbers that the moments kernels write for a block: a moments node, then the least and the greatest value. */
export const BLOCK_RECORD = 10;

/** Scratch memory for the elements of one batch of rows of several outputs each; allocated once a thread. */
export class ElementSpace {
  readonly outputs: number;
  /** Outputs that have sums and moments of their own. */
  readonly reported: number;
  /** Columns that have moments: see `momentColumns`. */
  readonly columns: number;
  readonly pointers: { elements: number; columns: number; unsure: number; records: number; accumulators: number };
  /** Element losses, one column of `rows` after another. */
  view: Float64Array = new Float64Array();
  /** Rows that the mean kernel could not tell. */
  unsure: Int32Array = new Int32Array();
  /** BLOCK_RECORD numbers for each block of column 0, then of column 1, ... */
  records: Float64Array = new Float64Array();
  readonly #kernels: Kernels;
  readonly #rows: number;
  readonly #losses: number;

  constructor(kernels: Kernels, spec: ResolvedSpec, rows: number) {
    this.#kernels = kernels;
    this.#rows = rows;
    this.#losses = spec.losses.length;
    this.outputs = outputsOf(spec);
    this.reported = reportedOutputs(spec);
    this.columns = momentColumns(spec);
    const { memory } = kernels;
    this.pointers = {
      elements: memory.allocate(rows * this.outputs * 8),
      columns: memory.allocate(rows * this.outputs * 8),
      unsure: memory.allocate(rows * 4),
      records: memory.allocate(this.columns * this.#recordBytes),
      accumulators: memory.allocate(this.#losses * this.reported * ACCUMULATOR_BYTES),
    };
  }

  get #recordBytes(): number {
    return (this.#rows / BLOCK) * BLOCK_RECORD * 8;
  }

  /** Takes the views, after all allocations of the thread. */
  attach(): void {
    const { memory, exports } = this.#kernels;
    this.view = memory.f64(this.pointers.columns, this.#rows * this.outputs);
    this.unsure = memory.i32(this.pointers.unsure, this.#rows);
    this.records = memory.f64(this.pointers.records, (this.columns * this.#recordBytes) / 8);
    for (let i = 0; i < this.#losses * this.reported; i++) exports.exact_reset(this.accumulator(0, i));
  }

  accumulator(loss: number, output: number): number {
    return this.pointers.accumulators + (loss * this.reported + output) * ACCUMULATOR_BYTES;
  }

  /** Where the block records of a column begin. */
  record(column: number): number {
    return this.pointers.records + column * this.#recordBytes;
  }

  /** A block without rows. */
  clear(column: number, block: number): void {
    const from = (column * this.#recordBytes) / 8 + block * BLOCK_RECORD;
    this.records.fill(0, from, from + BLOCK_RECORD);
  }

  /** Folds the moments of an aligned run of blocks, a power of two, into its first block's; returns those of every column. */
  fold(at: number, blocks: number): Float64Array {
    const nodes = new Float64Array(this.columns * NODE);
    const perColumn = this.#recordBytes / 8;
    for (let column = 0; column < this.columns; column++) {
      if (blocks > 1) this.#kernels.exports.moments_fold_f64(this.record(column) + at * BLOCK_RECORD * 8, blocks);
      const from = column * perColumn + at * BLOCK_RECORD;
      for (let j = 0; j < NODE; j++) nodes[column * NODE + j] = this.records[from + j];
    }
    return nodes;
  }

  /** Moves what a loss's accumulators hold into the sums of its outputs. */
  drain(loss: number, sums: readonly ExactSum[]): void {
    const { memory, exports } = this.#kernels;
    sums.forEach((sum, output) => {
      const pointer = this.accumulator(loss, output);
      exports.exact_normalize(pointer);
      sum.merge(ExactSum.fromAccumulator(memory.u8(pointer, ACCUMULATOR_BYTES)));
      exports.exact_reset(pointer);
    });
  }
}
