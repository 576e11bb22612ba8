import type { Kernels } from '@lossmill/kernels';
import type { Batch, BoundLoss } from '@lossmill/losses';
import { NODE } from '@lossmill/statistics';
import type { RowBatch } from './batch.js';
import type { Chunk } from './chunk.js';
import { BLOCK_RECORD } from './element-space.js';
import type { ElementStep } from './element-step.js';
import type { LossTotals } from './partial.js';
import type { Workspace } from './workspace.js';

/** Where the targets of a chunk lie, in the form kernels want. */
export interface TargetPlace {
  pointer: number;
  /** Only those of one strip are there. */
  striped: boolean;
  bytesPerRow: number;
  /** Class indices, where there are any. */
  indices: Int32Array | null;
}

/** Rows [from, from + rows) of a chunk. */
export interface Rows {
  from: number;
  rows: number;
}

/** Row values and weights that entered the sums of one batch, for the slices. */
export interface Entered {
  /** For the moments: losses and weights whose weighted mean is the loss's mean; weights null: all 1. */
  values: Float64Array;
  weights: Float64Array | null;
  /** With class weights: the class-weighted losses, the row weights and the class weights behind them, for the exact sums. */
  factors: { losses: Float64Array; rows: Float64Array; classes: Float64Array } | null;
}

/** One loss over one batch: row losses, exact sums, block moments, range and worst rows. */
export class LossStep {
  /** Row losses of a chunk that comes in strips; empty otherwise. */
  readonly #kept: Float64Array;

  constructor(
    readonly loss: BoundLoss,
    readonly index: number,
    private readonly kernels: Kernels,
    private readonly chunk: Chunk,
    private readonly target: TargetPlace,
    private readonly space: Workspace,
    private readonly elements: ElementStep | null,
  ) {
    this.#kept = new Float64Array(chunk.isStriped ? chunk.capacity : 0);
  }

  /** What the kernels are told about rows [from, from + rows) of the chunk; of rows of several outputs, each element is a row to them. */
  describe({ from, rows }: Rows): Batch {
    const { chunk, target } = this;
    const { prediction, variance, type } = chunk;
    return {
      type,
      rows: this.elements ? rows * prediction.width : rows,
      classes: this.elements ? 1 : prediction.width,
      prediction: chunk.pointer(prediction, from),
      target: target.pointer + (target.striped ? from - chunk.base : from) * target.bytesPerRow,
      classWeight: this.space.pointers.classWeights[this.index],
      variance: variance ? chunk.pointer(variance, from) : 0,
      indexed: target.indices !== null,
      memory: this.kernels.memory,
    };
  }

  /** Row losses of a strip, which are kept until its chunk is complete. */
  keep(strip: Rows): void {
    const { losses } = this.space;
    this.#rowLosses(this.describe(strip));
    this.#kept.set(losses.subarray(0, strip.rows), strip.from);
  }

  run(batch: RowBatch, totals: LossTotals): Entered {
    const { loss, chunk, space } = this;
    const { exports } = this.kernels;
    const at = space.pointers;
    const sum = at.accumulators[2 * this.index];
    totals.count += batch.counted + batch.weightless;
    totals.nonzero += batch.counted;
    if (!batch.whole || chunk.weight || loss.classWeight) return this.#general(batch, totals);
    if (loss.valueAndSum && !this.elements && !chunk.isStriped)
      loss.valueAndSum(exports, this.describe(batch), at.losses, sum);
    else {
      this.#value(batch);
      exports.exact_add_f64(sum, at.losses, batch.rows);
    }
    this.elements?.add(this.index, batch, false);
    totals.weight.add(batch.rows);
    exports.moments_f64(at.losses, batch.rows, at.blocks[this.index]);
    this.#collect(batch, totals, space.losses);
    return { values: space.losses, weights: null, factors: null };
  }

  /** Where the gradient is wanted and one kernel gives it beside the row losses: `run` and `keep` leave it in the workspace. */
  get leavesGradient(): boolean {
    return this.space.pointers.gradient !== 0 && !this.elements && this.loss.valueAndGradient !== undefined;
  }

  #value(batch: RowBatch): void {
    const { losses } = this.space.pointers;
    if (this.chunk.isStriped) {
      this.space.losses.set(this.#kept.subarray(batch.from, batch.from + batch.rows));
      return;
    }
    const described = this.describe(batch);
    if (this.elements) this.elements.value(this.loss, described, batch, losses);
    else this.#rowLosses(described);
  }

  #rowLosses(described: Batch): void {
    const { losses, gradient } = this.space.pointers;
    const { exports } = this.kernels;
    if (this.leavesGradient) this.loss.valueAndGradient?.(exports, described, losses, gradient);
    else this.loss.value(exports, described, losses);
  }

  /** Some rows are left out or weighted: the others are brought side by side first, in their order. */
  #general(batch: RowBatch, totals: LossTotals): Entered {
    const { loss, chunk, space } = this;
    const { exports } = this.kernels;
    const at = space.pointers;
    const sum = at.accumulators[2 * this.index];
    const weight = at.accumulators[2 * this.index + 1];
    this.#value(batch);
    const n = batch.counted;
    const { values, weights, losses } = space;
    for (let i = 0; i < n; i++) values[i] = losses[batch.offset(i)];
    if (loss.classWeight) this.#silenceWeightless(batch, loss.classWeight);
    const rowWeights = chunk.weight?.view as Float64Array | undefined;
    if (rowWeights) {
      for (let i = 0; i < n; i++) weights[i] = rowWeights[batch.from + batch.offset(i)];
      exports.exact_add_products_f64(sum, at.weights, at.values, n);
    } else exports.exact_add_f64(sum, at.values, n);
    this.elements?.add(this.index, batch, rowWeights !== undefined);
    let factors: Entered['factors'] = null;
    if (loss.classWeight) {
      this.#collectScan(batch, totals);
      factors = this.#applyClassWeights(batch, totals, loss.classWeight, rowWeights !== undefined);
    } else if (rowWeights) exports.exact_add_f64(weight, at.weights, n);
    else totals.weight.add(n);
    const weighted = rowWeights !== undefined || loss.classWeight !== null;
    this.#blockMoments(batch, weighted);
    if (!loss.classWeight) this.#collect(batch, totals, values);
    return { values, weights: weighted ? weights : null, factors };
  }

  /** A class of weight 0 contributes exactly 0, even where its loss is infinite. */
  #silenceWeightless(batch: RowBatch, classWeight: readonly number[]): void {
    const { values } = this.space;
    const smoothing = (this.loss.parameters.label_smoothing as number | undefined) ?? 0;
    if (smoothing !== 0) return;
    for (let i = 0; i < batch.counted; i++) if (this.#classWeight(batch, i, classWeight) === 0) values[i] = 0;
  }

  #classWeight(batch: RowBatch, i: number, classWeight: readonly number[]): number {
    const { indices } = this.target;
    return indices ? classWeight[indices[batch.from + batch.offset(i)]] : 1;
  }

  /** From class-weighted losses to losses and weights that include the class weight, whose weighted mean is the same. */
  #applyClassWeights(
    batch: RowBatch,
    totals: LossTotals,
    classWeight: readonly number[],
    hasWeights: boolean,
  ): NonNullable<Entered['factors']> {
    const { values, weights } = this.space;
    const n = batch.counted;
    const factors = { losses: values.slice(0, n), rows: new Float64Array(n), classes: new Float64Array(n) };
    for (let i = 0; i < batch.counted; i++) {
      const own = this.#classWeight(batch, i, classWeight);
      const row = hasWeights ? weights[i] : 1;
      totals.weight.addProduct(row, own);
      factors.rows[i] = row;
      factors.classes[i] = own;
      weights[i] = row * own;
      values[i] = own === 0 ? 0 : values[i] / own;
    }
    return factors;
  }

  #blockMoments(batch: RowBatch, weighted: boolean): void {
    const { exports } = this.kernels;
    const at = this.space.pointers;
    for (let b = 0; b < batch.blocks; b++) {
      const from = batch.edges[b] * 8;
      const n = batch.edges[b + 1] - batch.edges[b];
      const out = at.blocks[this.index] + b * BLOCK_RECORD * 8;
      if (n === 0) this.space.blocks[this.index].fill(0, b * BLOCK_RECORD, (b + 1) * BLOCK_RECORD);
      else if (weighted) exports.moments_weighted_f64(at.values + from, at.weights + from, n, out);
      else exports.moments_f64(at.values + from, n, out);
    }
  }

  /** Block records -> range and worst rows; their nodes are left for the fold tree. */
  #collect(batch: RowBatch, totals: LossTotals, values: Float64Array): void {
    const { pointers, range } = this.space;
    this.kernels.exports.moments_range_f64(pointers.blocks[this.index], batch.blocks, pointers.range);
    const max = range[1];
    totals.range(range[0], max);
    if (Number.isNaN(max) || totals.worst.admits(max, batch.start)) this.#collectBlocks(batch, totals, values);
  }

  /** Looks into the blocks whose greatest loss may be among the worst. */
  #collectBlocks(batch: RowBatch, totals: LossTotals, values: Float64Array): void {
    const records = this.space.blocks[this.index];
    for (let b = 0; b < batch.blocks; b++) {
      const from = batch.edges[b];
      const to = batch.edges[b + 1];
      if (from === to) continue;
      const max = records[b * BLOCK_RECORD + NODE + 1];
      if (Number.isNaN(max) || totals.worst.admits(max, batch.start + batch.offset(from)))
        this.#scan(batch, totals, values, from, to);
    }
  }

  /** Range and worst rows straight from the row losses, where the block records hold something else. */
  #collectScan(batch: RowBatch, totals: LossTotals): void {
    const { values } = this.space;
    for (let i = 0; i < batch.counted; i++) totals.range(values[i], values[i]);
    this.#scan(batch, totals, values, 0, batch.counted);
  }

  #scan(batch: RowBatch, totals: LossTotals, values: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const value = values[i];
      if (Number.isNaN(value)) totals.undefinedRows++;
      const row = batch.start + batch.offset(i);
      if (totals.worst.admits(value, row)) totals.worst.add(value, row);
    }
  }
}
