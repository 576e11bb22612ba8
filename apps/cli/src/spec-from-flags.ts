import type { Spec } from '@lossmill/evaluation';
import { UsageError } from './errors.js';
import { parseLoss } from './loss-text.js';

/** The flags of `eval` that say what to evaluate, as commander gives them. */
export interface SpecFlags {
  loss?: string[];
  pred?: string;
  target?: string;
  variance?: string;
  weight?: string;
  id?: string;
  cluster?: string;
  by?: string[];
  format?: string;
  input?: string;
  model?: string;
  features?: string;
  compare?: string;
  classes?: string;
  compat?: string;
  edges?: string;
  precision?: string;
  bootstrap?: number;
  seed?: number;
  scale?: number[];
  zeroPoint?: number[];
  badRows?: string;
  worst?: number;
  confidence?: number;
  gradient?: string;
  gradientSummary?: boolean;
  rowLosses?: string;
  shardRows?: number;
  shardBytes?: number;
}

const isArrayFile = (value: string): boolean => value.endsWith('.npy');

/** Flags -> spec, unchecked: the spec's own validation says what is wrong with it. */
export function specFromFlags(files: readonly string[], flags: SpecFlags): Spec {
  for (const [flag, value] of [
    ['--loss', flags.loss?.length],
    ['--pred', flags.pred],
    ['--target', flags.target],
  ] as const) {
    if (!value)
      throw new UsageError(
        `${flag} is missing. lossmill eval FILE --pred COLUMN --target COLUMN --loss NAME is the least; see lossmill eval --help.`,
      );
  }
  refuseLater(flags);
  const source = sourceOf(files, flags);
  const spec = {
    version: 1,
    ...source,
    losses: (flags.loss ?? []).flatMap(parseLoss),
    ...(flags.classes === undefined ? {} : { classes: split(flags.classes) }),
    ...(flags.compat === undefined ? {} : { compat: flags.compat }),
    ...(flags.edges === undefined ? {} : { edges: flags.edges }),
    ...(flags.input === undefined ? {} : { input: flags.input }),
    ...quantizationOf(flags),
    ...(flags.by === undefined ? {} : { slices: source.slices }),
    ...gradientOf(flags),
    ...(flags.rowLosses === undefined ? {} : { rows: { output: flags.rowLosses } }),
    ...(flags.badRows === undefined ? {} : { badRows: flags.badRows }),
    ...(flags.worst === undefined ? {} : { worst: flags.worst }),
    ...(flags.confidence === undefined ? {} : { confidence: flags.confidence }),
    ...(flags.precision === undefined ? {} : { precision: flags.precision }),
    ...(flags.bootstrap === undefined ? {} : { bootstrap: { replicates: flags.bootstrap, seed: flags.seed } }),
    ...shardOf(flags),
  };
  return spec as unknown as Spec;
}

/** Flags that only a model or a bootstrap gives a meaning: nothing is ignored silently. */
function refuseLater({ model, features, bootstrap, seed }: SpecFlags): void {
  const flag = model !== undefined ? '--model' : features !== undefined ? '--features' : null;
  if (flag !== null)
    throw new UsageError(
      `${flag}: predictions from a --model are not available yet. Leave it out, and give --pred as a column or .npy file.`,
      'NOT_AVAILABLE_YET',
    );
  if (seed !== undefined && bootstrap === undefined)
    throw new UsageError(
      '--seed: it belongs to --bootstrap, which is not available yet. Leave it out.',
      'NOT_AVAILABLE_YET',
    );
}

function quantizationOf({ scale, zeroPoint }: SpecFlags): Pick<Spec, 'quantization'> {
  if (scale === undefined && zeroPoint === undefined) return {};
  if (scale === undefined)
    throw new UsageError('--zero-point: it belongs to --scale. A prediction is scale * (stored value - zero point).');
  const one = (values: number[]): number | number[] => (values.length === 1 ? values[0] : values);
  return { quantization: { scale: one(scale), ...(zeroPoint === undefined ? {} : { zeroPoint: one(zeroPoint) }) } };
}

function gradientOf({ gradient, gradientSummary }: SpecFlags): Pick<Spec, 'gradient'> {
  if (gradient === undefined) return gradientSummary ? { gradient: 'summary' } : {};
  return { gradient: { output: gradient, ...(gradientSummary ? { summary: true } : {}) } };
}

export function shardOf(flags: Pick<SpecFlags, 'shardRows' | 'shardBytes'>): {
  shard?: { rows: number } | { bytes: number };
} {
  if (flags.shardRows !== undefined && flags.shardBytes !== undefined)
    throw new UsageError('--shard-rows and --shard-bytes exclude each other. Give one.');
  if (flags.shardRows !== undefined) return { shard: { rows: flags.shardRows } };
  return flags.shardBytes === undefined ? {} : { shard: { bytes: flags.shardBytes } };
}

const split = (text: string): string[] => text.split(',').filter((part) => part !== '');
const one = (text: string): string | string[] => (text.includes(',') ? split(text) : text);

function sourceOf(files: readonly string[], flags: SpecFlags): Pick<Spec, 'data' | 'columns' | 'slices'> {
  const roles = {
    prediction: flags.pred ?? '',
    target: flags.target ?? '',
    variance: flags.variance,
    weight: flags.weight,
    id: flags.id,
    cluster: flags.cluster,
    compare: flags.compare,
  };
  const arrayRoles = Object.entries(roles).filter(([, value]) => value !== undefined && isArrayFile(value));
  const slices = (flags.by ?? []).map(split);
  if (arrayRoles.length === 0 && !slices.flat().some(isArrayFile)) return fromColumns(files, flags, roles, slices);
  if (files.length > 0) {
    throw new UsageError(
      `${arrayRoles[0]?.[1] ?? '--by'} is an array file, but ${files[0]} is given too. Take all columns from FILES or all from .npy files.`,
    );
  }
  return fromArrays(roles, slices);
}

interface Roles {
  prediction: string;
  target: string;
  variance?: string;
  weight?: string;
  id?: string;
  cluster?: string;
  compare?: string;
}

function fromColumns(
  files: readonly string[],
  flags: SpecFlags,
  roles: Roles,
  slices: string[][],
): Pick<Spec, 'data' | 'columns' | 'slices'> {
  if (files.length === 0)
    throw new UsageError(
      'No FILES are given. Name the files that hold the columns, or give --pred and --target as .npy files.',
    );
  const { prediction, target, variance, weight, id, cluster, compare } = roles;
  return {
    data: { files: [...files], ...(flags.format === undefined ? {} : { format: flags.format as 'csv' }) },
    columns: {
      prediction: one(prediction),
      target: one(target),
      ...(variance === undefined ? {} : { variance: one(variance) }),
      ...(weight === undefined ? {} : { weight }),
      ...(id === undefined ? {} : { id }),
      ...(cluster === undefined ? {} : { cluster }),
      ...(compare === undefined ? {} : { compare }),
    },
    slices: slices.map((names) => (names.length === 1 ? names[0] : names)),
  };
}

function fromArrays(roles: Roles, slices: string[][]): Pick<Spec, 'data' | 'columns' | 'slices'> {
  const arrays: Record<string, string[]> = {};
  const columns: Record<string, string> = {};
  for (const [role, value] of Object.entries(roles) as [string, string | undefined][]) {
    if (value === undefined) continue;
    if (!isArrayFile(value))
      throw new UsageError(
        `--${role === 'prediction' ? 'pred' : role} is the column "${value}", but other columns are .npy files. Give it as a .npy file too.`,
      );
    arrays[role] = [value];
    columns[role] = role;
  }
  const named = slices.map((files) =>
    files.map((file) => {
      if (!isArrayFile(file))
        throw new UsageError(
          `--by is the column "${file}", but other columns are .npy files. Give it as a .npy file too.`,
        );
      const name = file.replace(/^.*\//, '').replace(/[-_.*]*\.npy$/, '') || 'slice';
      arrays[name] = [file];
      return name;
    }),
  );
  return {
    data: { arrays },
    columns: columns as Spec['columns'],
    slices: named.map((names) => (names.length === 1 ? names[0] : names)),
  };
}
