import type { BoundCompat } from '@lossmill/losses';

/** A number as JSON can hold it: NaN and the infinities are strings. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export type Interval = [low: JsonNumber, high: JsonNumber];

/** A derived quantity with its standard error (delta method) and interval at the spec's confidence. */
export interface Estimate {
  value: JsonNumber;
  stderr: JsonNumber;
  interval: Interval;
}

export type KeyValue = string | number | boolean | null;

export type SliceKey = Record<string, KeyValue>;

export interface SliceReport {
  key: SliceKey;
  count: number;
  weight: JsonNumber;
  sum: JsonNumber;
  mean: JsonNumber;
  stderr: JsonNumber;
  interval: Interval;
}

export interface WorstRow {
  source: string;
  /** Row index within the source, from 0. */
  row: number;
  id: string | number | null;
  loss: JsonNumber;
  /** Text where it is a class's name. */
  prediction: JsonNumber | JsonNumber[] | string;
  target: JsonNumber | JsonNumber[] | string;
}

/** The mean under every denominator in use elsewhere: sum of weights, rows, elements, rows of nonzero weight. */
export interface Means {
  weight: JsonNumber;
  rows: JsonNumber;
  elements: JsonNumber;
  nonzero: JsonNumber;
}

/** What a summary of the gradient adds: over the rows' gradients by their predictions, weighted by row and class weights. */
export interface GradientSummary {
  /** Sum of the gradients over the sum of weights: one number for each prediction of a row. */
  meanGradient: JsonNumber | JsonNumber[];
  /** Trace of the gradients' covariance, unbiased. */
  covarianceTrace: JsonNumber;
  /** Squared norm of the mean gradient, less what noise adds to it (unbiased, so it may be below 0). */
  squaredNorm: JsonNumber;
  /** covarianceTrace / squaredNorm: rows of a batch whose gradient is as much noise as signal. */
  noiseScale: JsonNumber;
}

/** Of the gradient as written: row and class weights included, 0 for rows that do not count. */
export interface GradientReport extends Partial<GradientSummary> {
  l2: JsonNumber;
  linf: JsonNumber;
  /** Over the counted rows' elements. */
  mean: JsonNumber;
}

export type DerivedName = 'rmse' | 'r2' | 'perplexity' | 'bits' | 'accuracy';

/** One of several outputs of each row, over all rows that count. */
export interface OutputReport {
  index: number;
  /** Its target's column, or that column's place as in "y[2]". */
  name: string;
  /** Rows that count, and the sum of their weights: those of the loss. */
  count: number;
  weight: JsonNumber;
  /** Correctly rounded sum of weight * loss of this output. */
  sum: JsonNumber;
  mean: JsonNumber;
  std: JsonNumber;
  stderr: JsonNumber;
  interval: Interval;
  derived: Partial<Record<DerivedName, Estimate>>;
}

export interface LossReport {
  name: string;
  parameters: Record<string, JsonNumber | boolean | JsonNumber[]>;
  /** Whose mean it is, what that library calls the loss, and what `mean` divides by; absent without `compat`. */
  compat?: BoundCompat;
  /** Rows that count: neither bad nor ignored. */
  count: number;
  /** Sum of row weights, class weights included. */
  weight: JsonNumber;
  /** Correctly rounded sum of weight * loss. */
  sum: JsonNumber;
  /** sum / weight, or with `compat` the library's own mean. */
  mean: JsonNumber;
  means: Means;
  std: JsonNumber;
  stderr: JsonNumber;
  interval: Interval;
  min: JsonNumber;
  max: JsonNumber;
  derived: Partial<Record<DerivedName, Estimate>>;
  gradient?: GradientReport;
  /** Where a row has several outputs, each of which has a target of its own. */
  outputs?: OutputReport[];
  slices: SliceReport[];
  /** Only where rows are in clusters. */
  clusters?: ClusterReport;
  worst: WorstRow[];
}

/** A cluster and the mean loss of its rows. */
export interface ClusterMean {
  /** Value of the cluster column, or the number of the sequence from 0. */
  cluster: KeyValue;
  /** Rows that count. */
  count: number;
  mean: JsonNumber;
}

/** Rows in clusters (users, documents, the sequences of an [N, T, C] array): independent between clusters, not within one. */
export interface ClusterReport {
  /** null: the entries of the prediction's leading axis. */
  column: string | null;
  /** Clusters whose weight is not 0. */
  count: number;
  /** Of the loss's mean. */
  stderr: JsonNumber;
  interval: Interval;
  /** What the standard error would be if all rows were independent. */
  rowStderr: JsonNumber;
  /** The clusters' own means, of which each counts the same: their mean, with its error bars. */
  means: { mean: JsonNumber; std: JsonNumber; stderr: JsonNumber; interval: Interval };
  /** Of greatest mean loss. */
  worst: ClusterMean[];
}

export interface RowCounts {
  read: number;
  used: number;
  ignored: number;
  bad: number;
  badReasons: Record<string, number>;
}

export interface RunReport {
  startedAt: string;
  seconds: number;
  rowsPerSecond: number;
  bytesRead: number;
  shards: {
    rows: number;
    planned: number;
    counted: number;
    retried: number;
    /** On a cluster: results of shards that were counted already, and so were not. */
    duplicates?: number;
    /** On a cluster: shards that failed for good; the report lacks their rows. */
    failed?: number;
  };
  /** Which shards failed (the first thousand), with their rows and why. */
  missing?: { index: number; start: number; end: number; code: string; message: string }[];
  workers: number;
  threads: number;
  version: string;
  /** Files written beside the report, where asked for. */
  outputs?: { gradient?: string[]; rows?: string[] };
}

/** The answer and its provenance. Everything but `run` enters the digest. */
export interface Report {
  version: 1;
  digest: string;
  /** As resolved: defaults filled in, classes found, and the fingerprint of every source. */
  spec: Record<string, unknown>;
  rows: RowCounts;
  losses: LossReport[];
  warnings: string[];
  run: RunReport;
}

/** NaN and the infinities become strings; -0 becomes 0. */
export function jsonNumber(x: number): JsonNumber {
  if (Number.isFinite(x)) return x === 0 ? 0 : x;
  return Number.isNaN(x) ? 'NaN' : x > 0 ? 'Infinity' : '-Infinity';
}
