import { mergeMoments, NODE } from '@lossmill/statistics';
import { mergeSliceNodes, type SliceNodes } from './slice-nodes.js';

/** What is summed in a fixed order: one node of the fold tree. */
export interface Ordered {
  /** Moments of all rows: NODE numbers a loss. */
  moments: Float64Array;
  /** Per loss [sum of g^2, sum of g, greatest |g|] over the gradient's elements; empty without a gradient. */
  gradient: Float64Array;
  /** Per slice set. */
  slices: SliceNodes[];
}

/** left merged with right; both are used up. */
export function mergeOrdered(left: Ordered, right: Ordered): Ordered {
  for (let at = 0; at < left.moments.length; at += NODE) mergeMoments(left.moments, at, right.moments, at);
  mergeGradients(left.gradient, right.gradient);
  for (let set = 0; set < left.slices.length; set++)
    left.slices[set] = mergeSliceNodes(left.slices[set], right.slices[set]);
  return left;
}

function mergeGradients(left: Float64Array, right: Float64Array): void {
  for (let at = 0; at < left.length; at += 3) {
    left[at] += right[at];
    left[at + 1] += right[at + 1];
    // A NaN on either side stays.
    if (!(left[at + 2] >= right[at + 2]) && !Number.isNaN(left[at + 2])) left[at + 2] = right[at + 2];
  }
}
