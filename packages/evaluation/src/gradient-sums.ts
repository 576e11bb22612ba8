import { ACCUMULATOR_BYTES, ExactSum } from '@lossmill/exact-sum';
import type { Kernels } from '@lossmill/kernels';
import type { RowBatch } from './batch.js';
import type { GradientTotals } from './gradient-totals.js';
import type { Workspace } from './workspace.js';

type Floats = Float32Array | Float64Array;

/** Adds up one loss's gradient in kernel memory, batch after batch, until `drain` moves the sums to the totals. */
export class GradientSums {
  readonly #accumulators: number;
  readonly #count: number;
  readonly #width: number;
  /** Row weights times class weights of a batch. */
  readonly #rowWeights: Float64Array;
  #greatest = 0;
  /** Whether the gradient is of float32 numbers. */
  #single = false;

  /**
   * Allocates kernel memory, so before views are taken.
   * @param shape empty totals of this loss
   */
  constructor(
    private readonly kernels: Kernels,
    private readonly space: Workspace,
    shape: GradientTotals,
    width: number,
  ) {
    this.#width = width;
    this.#count = sumsOf(shape).length;
    this.#rowWeights = new Float64Array(shape.noise ? space.rows : 0);
    this.#accumulators = kernels.memory.allocate(this.#count * ACCUMULATOR_BYTES);
  }

  attach(): void {
    for (let i = 0; i < this.#count; i++) this.kernels.exports.exact_reset(this.#at(i));
  }

  /** Keeps the weights of a batch's counted rows, before the workspace's weights are used for something else. */
  keepWeights(weights: Float64Array, counted: number): void {
    if (this.#rowWeights.length > 0) this.#rowWeights.set(weights.subarray(0, counted));
  }

  /** Adds a batch's gradient, scaled by the row weights. Uses up the workspace's values and weights. */
  add(gradient: Floats, batch: RowBatch, totals: GradientTotals): void {
    const columns = totals.columns.length;
    if (columns === 1) this.addElements(gradient, totals);
    else {
      this.#greatest = 0;
      this.#single = gradient instanceof Float32Array;
      for (let k = 0; k < columns; k++) this.#addColumn(gradient, k, batch.rows);
      totals.include(this.#greatest);
    }
    if (totals.noise) this.#addNoise(gradient, batch);
  }

  /** All elements into the one sum, as many at once as there is room for. Uses up the workspace's values. */
  addElements(gradient: Floats, totals: GradientTotals): void {
    const { values } = this.space;
    this.#greatest = 0;
    this.#single = gradient instanceof Float32Array;
    for (let from = 0; from < gradient.length; from += values.length) {
      const run = gradient.subarray(from, Math.min(from + values.length, gradient.length));
      values.set(run);
      this.#addValues(1, run.length);
    }
    totals.include(this.#greatest);
  }

  #addColumn(gradient: Floats, column: number, rows: number): void {
    const { values } = this.space;
    for (let i = 0, at = column; i < rows; i++, at += this.#width) values[i] = gradient[at];
    this.#addValues(1 + column, rows);
  }

  /** The workspace's values into a sum, and their squares into the first one; uses them up. */
  #addValues(sum: number, n: number): void {
    const { exports } = this.kernels;
    const at = this.space.pointers.values;
    exports.exact_add_f64(this.#at(sum), at, n);
    if (!this.#single) exports.exact_add_products_f64(this.#at(0), at, at, n);
    const { values } = this.space;
    let greatest = this.#greatest;
    for (let i = 0; i < n; i++) {
      const value = values[i];
      const size = Math.abs(value);
      // A NaN stays.
      if (!(size <= greatest) && !Number.isNaN(greatest)) greatest = size;
      values[i] = value * value;
    }
    this.#greatest = greatest;
    // Squares of float32 numbers are float64 numbers.
    if (this.#single) exports.exact_add_f64(this.#at(0), at, n);
  }

  #addNoise(gradient: Floats, batch: RowBatch): void {
    const { values, weights, pointers } = this.space;
    const n = batch.counted;
    for (let i = 0; i < n; i++) {
      const v = this.#rowWeights[i];
      const from = batch.offset(i) * this.#width;
      let squares = 0;
      for (let k = from; k < from + this.#width; k++) squares += gradient[k] * gradient[k];
      weights[i] = v;
      values[i] = v === 0 ? 0 : squares / v;
    }
    const { exports } = this.kernels;
    const [squares, sum, squaredWeights] = [this.#count - 3, this.#count - 2, this.#count - 1].map((i) => this.#at(i));
    exports.exact_add_f64(squares, pointers.values, n);
    exports.exact_add_f64(sum, pointers.weights, n);
    exports.exact_add_products_f64(squaredWeights, pointers.weights, pointers.weights, n);
  }

  /** Moves what the kernel accumulators hold into the totals. */
  drain(totals: GradientTotals): void {
    for (const [i, sum] of sumsOf(totals).entries()) {
      const pointer = this.#at(i);
      this.kernels.exports.exact_normalize(pointer);
      sum.merge(ExactSum.fromAccumulator(this.kernels.memory.u8(pointer, ACCUMULATOR_BYTES)));
      this.kernels.exports.exact_reset(pointer);
    }
  }

  #at(i: number): number {
    return this.#accumulators + i * ACCUMULATOR_BYTES;
  }
}

/** Every sum of the totals, in the order of their accumulators and of a partial's bytes. */
export function sumsOf({ squares, columns, noise }: GradientTotals): ExactSum[] {
  return [squares, ...columns, ...(noise ? [noise.squares, noise.weights, noise.squaredWeights] : [])];
}
