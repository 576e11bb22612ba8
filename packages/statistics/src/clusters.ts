import { NODE } from './moments.js';

/** Nodes of clusters: cluster k's at (k * stride + offset) * NODE, for k < count. */
export interface ClusterNodes {
  count: number;
  stride: number;
  offset: number;
}

/** What a cluster adds to a mean: its weight W and the mean of its values, in two parts. Clusters without weight add nothing. */
function* weighty(nodes: Float64Array, { count, stride, offset }: ClusterNodes) {
  for (let k = 0; k < count; k++) {
    const at = (k * stride + offset) * NODE;
    if (nodes[at + 1] !== 0) yield { weight: nodes[at + 1], mean: nodes[at + 2], low: nodes[at + 3] };
  }
}

/**
 * Standard error of the weighted mean m = sum(w x) / W of rows that are independent between clusters only (Liang and Zeger 1986,
 * linearised for the ratio): sqrt(G / (G - 1) sum over clusters of (sum over its rows of w (x - m))^2) / W, which is CR1 for a mean. With one
 * row a cluster it is the standard error of independent rows. NaN with fewer than two clusters. Sums run in the order of the clusters.
 */
export function clusterSpread(nodes: Float64Array, place: ClusterNodes): { clusters: number; stderr: number } {
  let clusters = 0;
  let total = 0;
  let first = Number.NaN;
  for (const { weight, mean } of weighty(nodes, place)) {
    if (clusters === 0) first = mean;
    clusters++;
    total += weight;
  }
  // About the first cluster's mean, so that 1e9 plus noise keeps its digits.
  let shifted = 0;
  for (const { weight, mean, low } of weighty(nodes, place)) shifted += weight * (mean - first + low);
  const shift = shifted / total;
  let squares = 0;
  for (const { weight, mean, low } of weighty(nodes, place)) {
    const score = weight * (mean - first - shift + low);
    squares += score * score;
  }
  if (clusters < 2) return { clusters, stderr: Number.NaN };
  return { clusters, stderr: Math.sqrt((clusters / (clusters - 1)) * squares) / total };
}

/**
 * Mean of the clusters' means, in which each counts the same, their sample standard deviation and the standard error of that mean. NaN
 * where there are too few clusters. Sums run in the order of the clusters.
 */
export function clusterMeans(nodes: Float64Array, place: ClusterNodes): { mean: number; std: number; stderr: number } {
  let clusters = 0;
  let first = Number.NaN;
  let plain = 0;
  let shifted = 0;
  for (const { mean, low } of weighty(nodes, place)) {
    if (clusters === 0) first = mean;
    clusters++;
    plain += mean;
    shifted += mean - first + low;
  }
  const shift = shifted / clusters;
  let squares = 0;
  for (const { mean, low } of weighty(nodes, place)) squares += (mean - first - shift + low) ** 2;
  // Infinite means have no distance from each other.
  const mean = Number.isFinite(shift) ? first + shift : plain / clusters;
  if (clusters < 2) return { mean, std: Number.NaN, stderr: Number.NaN };
  const std = Math.sqrt(squares / (clusters - 1));
  return { mean, std, stderr: std / Math.sqrt(clusters) };
}
