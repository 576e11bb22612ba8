import { mergeMoments, NODE } from '@lossmill/statistics';
import { mergeSliceNodes, type SliceNodes } from './slice-nodes.js';

/** What is summed in a fixed order: one node of the fold tree. */
export interface Ordered {
  /** Moments of all rows: NODE numbers a loss. */
  moments: Float64Array;
  /** Per loss [sum of g^2, sum of g, greatest |g|] over the gradient's elements; empty without a gradient. */
  gradient: Float64Array;
  /** Per group set: slice sets, then clusters. */
  slices: SliceNodes[];
}

/** left merged with right; both are used up. */
export function mergeOrdered(left: Ordered, right: Ordered): Ordered {
  for (let at = 0; at < left.moments.length; at += NODE) mergeMoments(left.moments, at, right.moments, at);
  mergeGradients(left.gradient, 0, right.gradient, 0, left.gradient.length);
  for (let set = 0; set < left.slices.length; set++)
    left.slices[set] = mergeSliceNodes(left.slices[set], right.slices[set]);
  return left;
}

/** left's `count` numbers from `a` on merged with right's from `b` on: of each three the first two are added, the third is the greater. */
export function mergeGradients(left: Float64Array, a: number, right: Float64Array, b: number, count: number): void {
  for (let at = 0; at < count; at += 3) {
    left[a + at] += right[b + at];
    left[a + at + 1] += right[b + at + 1];
    // A NaN on either side stays.
    const greatest = left[a + at + 2];
    if (!(greatest >= right[b + at + 2]) && !Number.isNaN(greatest)) left[a + at + 2] = right[b + at + 2];
  }
}
