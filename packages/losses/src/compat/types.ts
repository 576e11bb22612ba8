import type { BoundLoss, Domain, Family, InputKind, Parameters, TargetKind } from '../types.js';
import type { Denominator } from './library.js';

/** What decides how a library averages a loss, and whether it can. */
export interface CompatShape {
  parameters: Parameters;
  input: InputKind | null;
  target: TargetKind;
  family: Family;
  /** Predictions a row. */
  classes: number;
  /** The evaluation has a weight column. */
  weighted: boolean;
  /** `edges: "compat"`: the library's clipping as well. */
  edges: boolean;
}

type Kernels = Pick<BoundLoss, 'value' | 'gradient'>;

/** A loss as one library has it. */
export interface CompatLoss {
  /** What the library calls it. */
  call: string;
  /** Parameters of ours that it has, too; all others must be at their defaults. */
  parameters?: readonly string[];
  /** Why this shape is something the library does not have, or null. */
  unfit?: (shape: CompatShape) => string | null;
  denominator: (shape: CompatShape) => Denominator;
  /** The library's own formula where it is another one (always, or with `edges`), in place of the kernels; null: the kernels. */
  form?: (shape: CompatShape) => Kernels | null;
  /** Parameters that bring the library's clipping about (with `edges`). */
  clipping?: (shape: CompatShape) => Parameters;
  /** The library's number is scale * loss + shift. */
  units?: (shape: CompatShape) => readonly [scale: number, shift: number];
  /** Targets that it takes, if fewer. */
  targetDomain?: Domain;
}

/** Losses of one library by our names. */
export type CompatLibrary = Record<string, CompatLoss>;
