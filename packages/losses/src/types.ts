import type { KernelExports, KernelMemory } from '@lossmill/kernels';
import type { Denominator, Library } from './compat/library.js';

/** What a prediction column holds, where a loss can take several things; for losses of a mean, logits are the mean's logarithm. */
export type InputKind = 'logits' | 'probabilities' | 'log_probabilities' | 'mean';

/** A closed range of allowed values. */
export interface Domain {
  low: number;
  high: number;
  /** Only the whole numbers of the range. */
  whole?: boolean;
  /** For the error text: "a probability (0 ... 1)". */
  words: string;
}

export interface ParameterDefinition {
  name: string;
  kind: 'number' | 'integer' | 'numbers' | 'flag';
  /** null: not set. */
  default: number | boolean | null;
  /** Bounds of the number; of no meaning to a flag. */
  low: number;
  high: number;
  /** The bounds themselves are not allowed. */
  open?: boolean;
  /** Numbers between these two are not allowed, the two are. */
  gap?: readonly [number, number];
  about: string;
}

export type ParameterValue = number | boolean | readonly number[];
export type Parameters = Record<string, ParameterValue>;

export type Derived = 'rmse' | 'perplexity' | 'bits' | 'accuracy';

/**
 * regression: a number against a number. binary: one number a row against [0, 1]. classes: C numbers a row against a class.
 * vectors: numbers against as many numbers. labels: a class against a class.
 */
export type Family = 'regression' | 'binary' | 'classes' | 'vectors' | 'labels';

/** How a target column is used: its numbers, a class index, C probabilities, or a vector. */
export type TargetKind = 'real' | 'index' | 'probabilities' | 'vector';

/** Where one batch of rows lies in the memory of a kernel instance (byte offsets). */
export interface Batch {
  type: 'f32' | 'f64';
  rows: number;
  /** Predictions a row; 1 unless the family is classes or vectors. */
  classes: number;
  /** type[rows * classes] */
  prediction: number;
  /** type[rows], i32[rows] (index; -1 = leave the row out) or type[rows * classes] (probabilities, vector). */
  target: number;
  /** f64[classes], or 0 where the loss has no class weights. */
  classWeight: number;
  /** type[rows], or 0 where the evaluation has no variance column. */
  variance: number;
  /** The target is class indices. */
  indexed: boolean;
  /** What the pointers point into. */
  memory: KernelMemory;
}

/** Whose mean a loss has. */
export interface BoundCompat {
  library: Library;
  /** What the library calls the loss. */
  call: string;
  denominator: Denominator;
}

/** One row as the second derivative wants it. */
export interface CurvatureRow {
  prediction: ArrayLike<number>;
  /** As many numbers as predictions, or one: a number, or a class index (-1 = left out). */
  target: ArrayLike<number>;
  variance: number;
}

/** d2(row loss)/d(prediction)^2 in float64, one number for each prediction (of several the Hessian's diagonal), to `out`. */
export type Curvature = (row: CurvatureRow, out: Float64Array) => void;

/** A loss with its parameters, input and target kind settled: what the evaluation runs. */
export interface BoundLoss {
  readonly name: string;
  readonly parameters: Parameters;
  readonly family: Family;
  readonly input: InputKind | null;
  readonly target: TargetKind;
  readonly predictionDomain: Domain;
  readonly targetDomain: Domain;
  readonly derived: readonly Derived[];
  readonly ignoreIndex: number | null;
  readonly classWeight: readonly number[] | null;
  /** Where the loss takes a variance a row: what that may be. */
  readonly varianceDomain?: Domain;
  /** Its mean over elements divides by predictions, not by rows: elsewhere it has a value for each. */
  readonly elementwise?: boolean;
  /** Its mean is a share of wrong answers: accuracy is what is left of 1. */
  readonly shareOfWrong?: boolean;
  /** It is as another library has it. */
  readonly compat?: BoundCompat;
  /** Row losses, f64[rows], to `out`. */
  value(kernels: KernelExports, batch: Batch, out: number): void;
  /** d(row loss)/d(prediction), type[rows * classes], to `out`. */
  gradient(kernels: KernelExports, batch: Batch, out: number): void;
  /** A plain function beside the kernels, row by row; 0 at a kink. */
  readonly curvature: Curvature;
  /** Where one kernel gives both at less cost: the very bits of `value` to `out` and of `gradient` to `g`. */
  valueAndGradient?(kernels: KernelExports, batch: Batch, out: number, g: number): void;
  /** Where a fused kernel exists: row losses to `out` and their exact sum added to the accumulator. */
  valueAndSum?(kernels: KernelExports, batch: Batch, out: number, accumulator: number): void;
}

export interface LossDefinition {
  name: string;
  aliases: readonly string[];
  family: Family;
  /** One line: what it measures. */
  about: string;
  formula: string;
  gradient: string;
  /** The second derivative by the prediction; of C predictions the Hessian's diagonal. */
  curvature: string;
  domain: string;
  stability: string;
  /** Library -> what it calls this loss. */
  elsewhere: Record<string, string>;
  parameters: readonly ParameterDefinition[];
  inputs: readonly InputKind[];
  /** The loss takes a variance a row, from a column of its own. */
  wantsVariance?: boolean;
  /** It asks for none of its inputs: without one a prediction is taken as it is. */
  anyInput?: boolean;
  /** Other families it is evaluated in, where the prediction's columns or other losses call for it. */
  also?: readonly Family[];
  /** In the family `classes`: the targets it takes, if not both. */
  targets?: readonly TargetKind[];
  bind(parameters: Parameters, input: InputKind | null, target: TargetKind, family: Family): BoundLoss;
}
