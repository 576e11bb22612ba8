import { ExactSum } from '@lossmill/exact-sum';
import type { ResolvedSpec } from './resolve.js';

/** What a summary adds where rows or classes have weights: v = row weight * class weight of a row, g its gradient. */
export class WeightedNoise {
  /** Sum of |g|^2 / v over the rows of v > 0. */
  readonly squares = new ExactSum();
  readonly weights = new ExactSum();
  readonly squaredWeights = new ExactSum();

  merge(other: WeightedNoise): void {
    this.squares.merge(other.squares);
    this.weights.merge(other.weights);
    this.squaredWeights.merge(other.squaredWeights);
  }
}

/** Order-free sums over the elements of one loss's gradient, as they are written. */
export class GradientTotals {
  /** Greatest |element|; a NaN stays. */
  greatest = 0;
  /** Sum of the squares of all elements. */
  readonly squares = new ExactSum();
  /** Sum of the elements: one for each prediction of a row in a summary, else one for all. */
  readonly columns: readonly ExactSum[];
  /** Only in a summary with weights. */
  readonly noise: WeightedNoise | null;

  constructor(columns: number, weighted: boolean) {
    this.columns = Array.from({ length: columns }, () => new ExactSum());
    this.noise = weighted ? new WeightedNoise() : null;
  }

  include(size: number): void {
    if (!(size <= this.greatest) && !Number.isNaN(this.greatest)) this.greatest = size;
  }

  merge(other: GradientTotals): void {
    this.include(other.greatest);
    this.squares.merge(other.squares);
    for (const [k, sum] of this.columns.entries()) sum.merge(other.columns[k]);
    if (other.noise) this.noise?.merge(other.noise);
  }
}

/** Empty totals of the i-th loss of a spec; null where it wants no gradient. */
export function gradientTotals(spec: ResolvedSpec, i: number): GradientTotals | null {
  if (spec.gradient === 'none') return null;
  const summary = spec.gradient === 'summary';
  return new GradientTotals(summary ? spec.classes : 1, summary && isWeighted(spec, i));
}

/** Whether rows of the i-th loss have weights of their own, from a column or from their class. */
const isWeighted = ({ columns, losses }: ResolvedSpec, i: number): boolean =>
  columns.weight !== null || losses[i].parameters.class_weight !== undefined;
