import type { Column, Dataset, Description } from '@lossmill/dataset';
import type { Family, InputKind, Parameters, TargetKind } from '@lossmill/losses';
import { checkTogether } from './check-together.js';
import { resolveClasses } from './classes.js';
import { type ClusterKind, countSequences, MOST_CLUSTERS, sequenceRuns } from './clusters.js';
import { type Compat, checkLibraryShapes, compatOf } from './compat.js';
import { chooseFamily, isWide } from './family.js';
import { describeColumn, failure, scalar, sliceColumn } from './find-column.js';
import { outputsOf } from './multi-output.js';
import { type NamedLoss, namedLoss } from './named-loss.js';
import { heldInSingle, type Quantization, resolveQuantization } from './quantization.js';
import { predictionColumns, targetColumns, varianceColumns, widthOf } from './role-columns.js';
import type { Spec } from './spec-schema.js';

export interface ResolvedLoss {
  name: string;
  parameters: Parameters;
}

/** A spec with every default filled in and every column found: plain data that a thread or another machine can run. */
export interface ResolvedSpec {
  version: 1;
  data: Spec['data'];
  columns: {
    prediction: string[];
    target: string[];
    variance: string[] | null;
    weight: string | null;
    id: string | null;
    cluster: string | null;
  };
  losses: ResolvedLoss[];
  /** Whose mean it is, if not this program's own. */
  compat: Compat | null;
  family: Family;
  input: InputKind | null;
  /** The arithmetic: float32 columns in float32, everything else in float64. */
  type: 'f32' | 'f64';
  /** Predictions a row. */
  classes: number;
  target: TargetKind;
  /** The target column holds text (class names). */
  targetText: boolean;
  classNames: string[] | null;
  /** How whole-number predictions become numbers: one value each, or one a class. */
  quantization: Quantization | null;
  slices: string[][];
  clusters: ClusterKind;
  /** What the report says of the gradient; it is computed unless none. */
  gradient: 'none' | 'norms' | 'summary';
  badRows: 'fail' | 'skip';
  worst: number;
  confidence: number;
  precision: 'auto' | 'f64';
}

/** Sets of groups whose moments are kept: one per slice set, then the clusters. */
export const groupSets = ({ slices, clusters }: ResolvedSpec): number => slices.length + (clusters === null ? 0 : 1);

/** The columns that groups are made of, each once. */
export const groupColumns = ({ slices, columns }: ResolvedSpec): string[] => [
  ...new Set([...slices.flat(), ...(columns.cluster === null ? [] : [columns.cluster])]),
];

/** Settles a valid spec against its dataset. Reads rows only to find the classes of a text target. */
export async function resolveSpec(spec: Spec, dataset: Dataset): Promise<ResolvedSpec> {
  const losses = spec.losses.map(namedLoss);
  const roles = findRoles(spec, dataset.description, losses);
  const { family, prediction, target, classes } = roles;
  const targetKind = kindOfTarget(family, target, classes);
  checkLabels(family, prediction[0], target[0]);
  checkTogether(losses, { family, classes, target: targetKind });
  const targetText =
    target[0].type === 'string' && outputsOf(roles) === 0 && family !== 'regression' && family !== 'vectors';
  const quantization = resolveQuantization(
    spec,
    prediction,
    prediction.length > 1 ? prediction.length : prediction[0].width,
  );
  const shape = { family, classes, target: target[0], targetKind, targetText };
  const resolved: ResolvedSpec = {
    version: 1,
    data: spec.data,
    columns: roles.columns,
    losses: losses.map(({ name, parameters }) => ({ name, parameters })),
    compat: compatOf(spec),
    family,
    input: inputOf(spec, losses),
    type: spec.precision === 'f64' ? 'f64' : arithmetic(roles, targetKind, family, quantization),
    classes,
    target: targetKind,
    targetText,
    classNames: await resolveClasses(spec, dataset, shape),
    quantization,
    slices: roles.slices,
    clusters: clusterKind(roles.columns, dataset.description),
    gradient: gradientOf(spec),
    ...defaults(spec),
  };
  checkLibraryShapes(resolved);
  return resolved;
}

/** A gradient that is written has its norms in the report, too. */
function gradientOf({ gradient = 'none' }: Spec): ResolvedSpec['gradient'] {
  if (typeof gradient === 'string') return gradient;
  return gradient.summary ? 'summary' : 'norms';
}

function defaults(spec: Spec): Pick<ResolvedSpec, 'badRows' | 'worst' | 'confidence' | 'precision'> {
  return {
    badRows: spec.badRows ?? 'fail',
    worst: spec.worst ?? 10,
    confidence: spec.confidence ?? 0.95,
    precision: spec.precision ?? 'auto',
  };
}

interface Roles {
  family: Family;
  prediction: Column[];
  target: Column[];
  variance: Column[];
  /** Predictions a row. */
  classes: number;
  columns: ResolvedSpec['columns'];
  slices: string[][];
}

/** Finds every column that the spec names, and checks that their shapes fit the losses. */
function findRoles(spec: Spec, description: Description, losses: readonly NamedLoss[]): Roles {
  const prediction = predictionColumns(spec, description, losses);
  const family = chooseFamily(
    losses.map(({ definition }) => definition),
    prediction,
    spec,
  );
  const target = targetColumns(spec, description, family, prediction);
  const variance = varianceColumns(spec, description, prediction);
  const classes = widthOf(prediction);
  const columns = {
    prediction: prediction.map((column) => column.name),
    target: target.map((column) => column.name),
    variance: variance.length > 0 ? variance.map((column) => column.name) : null,
    weight: scalar(spec.columns.weight, 'columns.weight', description)?.name ?? null,
    id: scalar(spec.columns.id, 'columns.id', description)?.name ?? null,
    cluster: scalar(spec.columns.cluster, 'columns.cluster', description)?.name ?? null,
  };
  const slices = (spec.slices ?? []).map((slice, i) =>
    [slice].flat().map((name) => sliceColumn(name, `slices[${i}]`, description)),
  );
  return { family, prediction, target, variance, classes, columns, slices };
}

function clusterKind({ cluster, prediction }: ResolvedSpec['columns'], description: Description): ClusterKind {
  if (cluster !== null) return 'column';
  const runs = prediction.length === 1 ? sequenceRuns(description, prediction[0]) : null;
  return runs && countSequences(runs) <= MOST_CLUSTERS ? 'sequence' : null;
}

/** Classes are compared as numbers or as text, not one with the other. */
function checkLabels(family: Family, prediction: Column, target: Column): void {
  if (family !== 'labels' || (prediction.type === 'string') === (target.type === 'string')) return;
  throw failure(
    'COLUMN_TYPE',
    'columns.prediction',
    `${describeColumn(prediction)} holds classes, but ${describeColumn(target)} is of another kind: both must be numbers, or both text.`,
  );
}

function inputOf(spec: Spec, losses: readonly NamedLoss[]): InputKind | null {
  if (spec.input) return spec.input;
  const kinds = new Set(losses.flatMap(({ definition }) => (definition.anyInput ? [] : definition.inputs.slice(0, 1))));
  if (kinds.size > 1) {
    const names = losses.map((loss) => loss.name).join(' and ');
    throw failure(
      'SPEC_COMBINATION',
      'losses',
      `${names} take different inputs by default (${[...kinds].join(', ')}); one evaluation has one. Make two.`,
    );
  }
  return [...kinds][0] ?? null;
}

function kindOfTarget(family: Family, target: readonly Column[], classes: number): TargetKind {
  if (!isWide(family)) return 'real';
  const width = target.length > 1 ? target.length : target[0].width;
  if (family === 'classes' && (width === null || width === 1)) return 'index';
  if (width === classes) return family === 'classes' ? 'probabilities' : 'vector';
  const names = target.map((column) => `"${column.name}"`).join(', ');
  const have = target.length > 1 ? 'are' : 'has';
  throw failure(
    'CLASSES_MISMATCH',
    'columns.target',
    family === 'classes'
      ? `${names} ${have} ${width} probabilities a row, but the prediction has ${classes} classes.`
      : `${names} ${have} ${width ?? 1} numbers a row, but the prediction has ${classes}.`,
  );
}

const SINGLE = new Set(['f16', 'bf16', 'f32']);
const EXACT_IN_SINGLE = new Set(['f16', 'bf16', 'f32', 'i8', 'i16', 'u8', 'u16', 'bool']);

/** float32 only where predictions are float32/16 (or become float32) and the targets (and variances) lose nothing by it. */
function arithmetic(
  { prediction, target, variance }: Roles,
  kind: TargetKind,
  family: string,
  quantization: Quantization | null,
): 'f32' | 'f64' {
  const single = quantization ? heldInSingle(prediction) : prediction.every((column) => SINGLE.has(column.type));
  if (!single || variance.some((column) => !EXACT_IN_SINGLE.has(column.type))) return 'f64';
  if (kind === 'index') return 'f32';
  const whole =
    family === 'binary'
      ? !target.every((column) => column.type === 'f64')
      : target.every((column) => EXACT_IN_SINGLE.has(column.type));
  return whole ? 'f32' : 'f64';
}
