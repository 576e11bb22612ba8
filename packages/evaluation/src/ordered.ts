import { mergeMoments, NODE } from '@lossmill/statistics';
import { mergeSliceNodes, type SliceNodes } from './slice-nodes.js';

/** What is summed in a fixed order: one node of the fold tree. */
export interface Ordered {
  /** Moments of all rows: NODE numbers a loss. */
  moments: Float64Array;
  /** Moments of each output of each loss, then of each target where they are wanted; empty unless a row has several outputs. */
  elements: Float64Array;
  /** Per group set: slice sets, then clusters. */
  slices: SliceNodes[];
}

/** left merged with right; both are used up. */
export function mergeOrdered(left: Ordered, right: Ordered): Ordered {
  for (let at = 0; at < left.moments.length; at += NODE) mergeMoments(left.moments, at, right.moments, at);
  for (let at = 0; at < left.elements.length; at += NODE) mergeMoments(left.elements, at, right.elements, at);
  for (let set = 0; set < left.slices.length; set++)
    left.slices[set] = mergeSliceNodes(left.slices[set], right.slices[set]);
  return left;
}
