import type { Column } from '@lossmill/dataset';
import { clusterMeans, clusterSpread, NODE } from '@lossmill/statistics';
import { bindLosses } from './bind.js';
import { countSequences, MOST_CLUSTERS, sequenceRuns, tooManyClusters } from './clusters.js';
import { intervalOf, jsonInterval } from './estimate.js';
import type { Ordered } from './ordered.js';
import type { Partial } from './partial.js';
import type { Plan } from './plan.js';
import { type ClusterMean, type ClusterReport, jsonNumber, type KeyValue } from './report.js';
import { compareKeys, keyValue } from './slice-reports.js';

/** The nodes of all clusters, of every loss, ordered by key: sums over clusters then hang on nothing but the data. */
export interface Clusters {
  keys: KeyValue[];
  /** Cluster k, loss l: node at (k * losses + l) * NODE. */
  nodes: Float64Array;
}

/**
 * The clusters of all rows, or null where rows are in none.
 * @throws EvaluationError LIMIT_EXCEEDED for more clusters than one evaluation may have
 */
export function clustersOf({ spec, handle }: Plan, partial: Partial, ordered: Ordered | undefined): Clusters | null {
  if (spec.clusters === null) return null;
  const set = spec.slices.length;
  const found = ordered?.slices[set];
  if (!found || found.ids.length === 0) return { keys: [], nodes: new Float64Array() };
  const { cluster } = spec.columns;
  if (cluster !== null && found.ids.length > MOST_CLUSTERS) throw tooManyClusters(cluster);
  const column = handle.description.columns.find(({ name }) => name === cluster);
  const keys = Array.from(found.ids, (id) => clusterValue(partial.keys[set][id], column));
  const order = keys.map((_, k) => k).sort((a, b) => compareKeys([keys[a]], [keys[b]]));
  const width = found.nodes.length / found.ids.length;
  const nodes = new Float64Array(found.nodes.length);
  order.forEach((from, k) => {
    nodes.set(found.nodes.subarray(from * width, (from + 1) * width), k * width);
  });
  return { keys: order.map((k) => keys[k]), nodes };
}

function clusterValue(key: string, column: Column | undefined): KeyValue {
  const [value] = JSON.parse(key) as [string | number | null];
  return typeof value === 'number' || !column ? value : keyValue(value, column);
}

/** What a report says of the clusters of one loss. */
export function clusterReport(
  { spec }: Plan,
  loss: number,
  { keys, nodes }: Clusters,
  { mean, stderr: rowStderr }: { mean: number; stderr: number },
): { report: ClusterReport; stderr: number; interval: [number, number] } {
  const place = { count: keys.length, stride: spec.losses.length, offset: loss };
  const { clusters, stderr } = clusterSpread(nodes, place);
  const means = clusterMeans(nodes, place);
  const interval = intervalOf(mean, stderr, spec.confidence);
  const report: ClusterReport = {
    column: spec.columns.cluster,
    count: clusters,
    stderr: jsonNumber(stderr),
    interval: jsonInterval(interval),
    rowStderr: jsonNumber(rowStderr),
    means: {
      mean: jsonNumber(means.mean),
      std: jsonNumber(means.std),
      stderr: jsonNumber(means.stderr),
      interval: jsonInterval(intervalOf(means.mean, means.stderr, spec.confidence)),
    },
    worst: worstClusters(keys, nodes, place, spec.worst),
  };
  return { report, stderr, interval };
}

/** The `most` clusters of greatest mean: NaN first, the earlier key of equal means. */
function worstClusters(
  keys: readonly KeyValue[],
  nodes: Float64Array,
  { stride, offset }: { stride: number; offset: number },
  most: number,
): ClusterMean[] {
  const at = (k: number) => (k * stride + offset) * NODE;
  const rank = (k: number) => (Number.isNaN(nodes[at(k) + 2]) ? Number.POSITIVE_INFINITY : nodes[at(k) + 2]);
  return keys
    .map((_, k) => k)
    .filter((k) => nodes[at(k) + 1] !== 0)
    .sort((a, b) => (rank(a) === rank(b) ? a - b : rank(b) - rank(a)))
    .slice(0, most)
    .map((k) => ({ cluster: keys[k], count: nodes[at(k)], mean: jsonNumber(nodes[at(k) + 2]) }));
}

/** Error bars that do not follow the clusters, and sequences that are too many for statistics of their own. */
export function clusterWarnings(plan: Plan): string[] {
  const { spec, handle } = plan;
  if (spec.clusters === 'column') {
    const ownAccuracy = bindLosses(plan).some(
      ({ derived, shareOfWrong }) => derived.includes('accuracy') && !shareOfWrong,
    );
    const rest = [...(spec.slices.length > 0 ? ['slices'] : []), ...(ownAccuracy ? ['accuracy'] : [])];
    return rest.length === 0
      ? []
      : [`The standard errors of ${rest.join(' and ')} take rows as independent, though they are in clusters.`];
  }
  const [prediction] = spec.columns.prediction;
  const runs = spec.clusters === null ? sequenceRuns(handle.description, prediction) : null;
  if (!runs || spec.columns.prediction.length > 1) return [];
  const [count, most] = [countSequences(runs), MOST_CLUSTERS].map((n) => n.toLocaleString('en'));
  return [`"${prediction}" has ${count} sequences; statistics a sequence are made of at most ${most}.`];
}
