import { ExactSum } from '@lossmill/exact-sum';
import { FoldTree, TopK } from '@lossmill/statistics';
import { BadRows } from './bad-rows.js';
import { type GradientTotals, gradientTotals } from './gradient-totals.js';
import { reportedOutputs } from './multi-output.js';
import { mergeOrdered, type Ordered } from './ordered.js';
import { groupSets, type ResolvedSpec } from './resolve.js';
import { SliceKeys } from './slice-keys.js';
import { renumber } from './slice-nodes.js';
import { SliceTotals } from './slice-totals.js';

/** Order-free sums of one loss. */
export class LossTotals {
  /** Rows that count: neither bad nor ignored. */
  count = 0;
  /** Of these, rows whose weight is not 0. */
  nonzero = 0;
  /** Rows whose loss is NaN. */
  undefinedRows = 0;
  readonly sum = new ExactSum();
  /** Sum of row weights times class weights. */
  readonly weight = new ExactSum();
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  readonly worst: TopK;
  readonly slices: SliceTotals[];
  /** Per output, where a row has several. */
  readonly outputs: readonly ExactSum[];
  /** null where no gradient is wanted. */
  readonly gradient: GradientTotals | null;

  constructor(spec: ResolvedSpec, index: number) {
    this.worst = new TopK(spec.worst);
    this.slices = spec.slices.map(() => new SliceTotals());
    this.outputs = Array.from({ length: reportedOutputs(spec) }, () => new ExactSum());
    this.gradient = gradientTotals(spec, index);
  }

  /** Least and greatest row loss of some rows; NaN stays. */
  range(min: number, max: number): void {
    if (!(min >= this.min)) this.min = Number.isNaN(this.min) ? this.min : min;
    if (!(max <= this.max)) this.max = Number.isNaN(this.max) ? this.max : max;
  }

  merge(other: LossTotals): void {
    this.count += other.count;
    this.nonzero += other.nonzero;
    this.undefinedRows += other.undefinedRows;
    this.sum.merge(other.sum);
    this.weight.merge(other.weight);
    this.range(other.min, other.max);
    this.worst.merge(other.worst);
    for (const [i, slice] of this.slices.entries()) slice.merge(other.slices[i]);
    for (const [k, output] of this.outputs.entries()) output.merge(other.outputs[k]);
    if (other.gradient) this.gradient?.merge(other.gradient);
  }
}

/** Right answers, for the accuracy of classification losses. */
export class Hits {
  /** Rows with a decided class, their weights, and the weights of the right ones; squared for the standard error. */
  rows = 0;
  right = 0;
  readonly weight = new ExactSum();
  readonly rightWeight = new ExactSum();
  readonly squared = new ExactSum();
  readonly rightSquared = new ExactSum();
  /** Rows whose target is no single class (0.3): there is no accuracy then. */
  soft = 0;

  merge(other: Hits): void {
    this.rows += other.rows;
    this.right += other.right;
    this.soft += other.soft;
    this.weight.merge(other.weight);
    this.rightWeight.merge(other.rightWeight);
    this.squared.merge(other.squared);
    this.rightSquared.merge(other.rightSquared);
  }
}

/** Accumulators of one or many shards. Merge is associative and commutative, to the last bit. */
export class Partial {
  rowsRead = 0;
  rowsIgnored = 0;
  readonly bad = new BadRows();
  readonly losses: LossTotals[];
  readonly hits = new Hits();
  readonly ordered = new FoldTree<Ordered>(mergeOrdered);
  /** Per group set (slice sets, then clusters), group id -> key; grows while the partial is filled. */
  readonly keys: readonly (readonly string[])[];
  readonly #own: SliceKeys[] | null;

  /** @param keys the key lists of whoever fills it; without them it is filled by `merge` only */
  constructor(
    readonly spec: ResolvedSpec,
    keys?: readonly (readonly string[])[],
  ) {
    this.losses = spec.losses.map((_, i) => new LossTotals(spec, i));
    this.#own = keys ? null : Array.from({ length: groupSets(spec) }, () => new SliceKeys());
    this.keys = keys ?? (this.#own ?? []).map((own) => own.keys);
  }

  /** Takes over `other`, which must not be used again. */
  merge(other: Partial): void {
    this.rowsRead += other.rowsRead;
    this.rowsIgnored += other.rowsIgnored;
    this.bad.merge(other.bad);
    for (const [i, loss] of this.losses.entries()) loss.merge(other.losses[i]);
    this.hits.merge(other.hits);
    if (this.#own) {
      const to = other.keys.map((keys, set) => Int32Array.from(keys, (key) => (this.#own as SliceKeys[])[set].id(key)));
      for (const { value } of other.ordered.nodes)
        value.slices = value.slices.map((nodes, set) => renumber(nodes, to[set]));
    } else if (other.keys !== this.keys) throw new Error('A partial that a runner fills takes no other partials.');
    this.ordered.absorb(other.ordered);
  }
}
