import { NODE } from './moments.js';

/** Where the nodes of groups go: group g's at (g * stride + offset) * NODE. */
export interface GroupNodes {
  nodes: Float64Array;
  stride: number;
  offset: number;
}

/**
 * Moments of rows [from, to) by group: group[i] is row i's; the groups are 0, 1, ... without a gap, and those of one canonical block are
 * no other block's. The nodes must be 0 before. Sums run in row order; two passes, the second about each group's mean, with the mean's own rounding put right.
 * @param weights null: all 1
 */
export function groupMoments(
  values: Float64Array,
  weights: Float64Array | null,
  group: Int32Array,
  from: number,
  to: number,
  target: GroupNodes,
): void {
  if (weights === null) plainMoments(values, group, from, to, target);
  else weightedMoments(values, weights, group, from, to, target);
}

function plainMoments(
  values: Float64Array,
  group: Int32Array,
  from: number,
  to: number,
  { nodes, stride, offset }: GroupNodes,
): void {
  const step = stride * NODE;
  const base = offset * NODE;
  let end = 0;
  for (let i = from; i < to; i++) {
    const at = group[i] * step + base;
    nodes[at] += 1;
    nodes[at + 2] += values[i];
    if (at >= end) end = at + step;
  }
  for (let at = base; at < end; at += step) nodes[at + 2] /= nodes[at];
  for (let i = from; i < to; i++) {
    const at = group[i] * step + base;
    const d = values[i] - nodes[at + 2];
    nodes[at + 3] += d;
    nodes[at + 4] += d * d;
  }
  for (let at = base; at < end; at += step) {
    const n = nodes[at];
    const lo = nodes[at + 3] / n;
    const m = nodes[at + 4] - lo * nodes[at + 3];
    nodes[at + 1] = n;
    nodes[at + 3] = lo;
    nodes[at + 4] = m;
    nodes[at + 5] = n;
    nodes[at + 7] = m;
  }
}

function weightedMoments(
  values: Float64Array,
  weights: Float64Array,
  group: Int32Array,
  from: number,
  to: number,
  { nodes, stride, offset }: GroupNodes,
): void {
  const step = stride * NODE;
  const base = offset * NODE;
  let end = 0;
  for (let i = from; i < to; i++) {
    const at = group[i] * step + base;
    nodes[at] += 1;
    nodes[at + 1] += weights[i];
    nodes[at + 2] += weights[i] * values[i];
    if (at >= end) end = at + step;
  }
  for (let at = base; at < end; at += step) nodes[at + 2] = ratio(nodes[at + 2], nodes[at + 1]);
  for (let i = from; i < to; i++) {
    const at = group[i] * step + base;
    const w = weights[i];
    const d = values[i] - nodes[at + 2];
    const wd = w * d;
    nodes[at + 3] += wd;
    nodes[at + 4] += wd * d;
    nodes[at + 5] += w * w;
    nodes[at + 6] += w * wd;
    nodes[at + 7] += wd * wd;
  }
  for (let at = base; at < end; at += step) centre(nodes, at);
}

/** From sums about a rounded mean to moments about the mean. */
function centre(nodes: Float64Array, at: number): void {
  const sum = nodes[at + 3];
  const lo = ratio(sum, nodes[at + 1]);
  const v = nodes[at + 5];
  const r = nodes[at + 6];
  nodes[at + 3] = lo;
  nodes[at + 4] -= lo * sum;
  nodes[at + 6] = r - lo * v;
  nodes[at + 7] += lo * (lo * v - 2 * r);
}

/** A group without weight has mean 0. */
function ratio(sum: number, weight: number): number {
  return weight === 0 ? 0 : sum / weight;
}
