import { mergeMoments, NODE } from '@lossmill/statistics';

/** Moments of one group of rows, for every loss: NODE numbers a loss. */
export type Nodes = Float64Array;

/** What is summed in a fixed order: one node of the fold tree. */
export interface Ordered {
  /** Moments of all rows. */
  moments: Nodes;
  /** Per loss [sum of g^2, sum of g, greatest |g|] over the gradient's elements; empty without a gradient. */
  gradient: Float64Array;
  /** Per slice set: the groups present, by key. */
  slices: Map<string, Nodes>[];
}

/** left merged with right; left's memory is reused. */
export function mergeOrdered(left: Ordered, right: Ordered): Ordered {
  mergeNodes(left.moments, right.moments);
  mergeGradients(left.gradient, right.gradient);
  for (const [i, slice] of left.slices.entries()) mergeSlices(slice, right.slices[i]);
  return left;
}

export function mergeNodes(left: Nodes, right: Nodes): void {
  for (let at = 0; at < left.length; at += NODE) mergeMoments(left, at, right, at);
}

function mergeGradients(left: Float64Array, right: Float64Array): void {
  for (let at = 0; at < left.length; at += 3) {
    left[at] += right[at];
    left[at + 1] += right[at + 1];
    // A NaN on either side stays.
    if (!(left[at + 2] >= right[at + 2]) && !Number.isNaN(left[at + 2])) left[at + 2] = right[at + 2];
  }
}

/** A group absent on one side has no rows there: merging it changes nothing. */
function mergeSlices(left: Map<string, Nodes>, right: Map<string, Nodes>): void {
  for (const [key, nodes] of right) {
    const own = left.get(key);
    if (own) mergeNodes(own, nodes);
    else left.set(key, nodes);
  }
}
