import { mkdirSync, rmdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createNpyFile, DataError, type NpyFile, openNpyPart } from '@lossmill/dataset';
import { type Outputs, outputNames, type Plan, type Spec } from '@lossmill/evaluation';
import type { OutputFiles } from './thread-types.js';

/** The .npy files of `rows.output` and `gradient.output`: under temporary names until the evaluation has succeeded. */
export interface OutputSet {
  files: OutputFiles;
  /** Final paths, by kind; empty when nothing was asked for. */
  paths: { rows?: string[]; gradient?: string[] };
  finish(): void;
  abort(): void;
}

export function createOutputs(plan: Plan, spec: Spec): OutputSet {
  const made: NpyFile[] = [];
  const folders: string[] = [];
  const create = (folder: string, kind: string, dtype: 'f4' | 'f8', shape: number[]): string[] => {
    folders.push(...makeFolder(folder));
    return outputPaths(folder, kind, plan).map((path) => {
      refuseSource(path, plan);
      made.push(createNpyFile(path, dtype, shape));
      return path;
    });
  };
  const temporary = (from: number, paths: readonly string[] | null) =>
    paths && made.slice(from, from + paths.length).map(({ tempPath }) => tempPath);
  try {
    const dtype = plan.spec.type === 'f32' ? 'f4' : 'f8';
    const rows = spec.rows ? create(spec.rows.output, 'losses', 'f8', [plan.rows]) : null;
    const folder = typeof spec.gradient === 'object' ? spec.gradient.output : null;
    const gradient = folder === null ? null : create(folder, 'gradient', dtype, gradientShape(plan));
    const losses = temporary(0, rows);
    return {
      files: { losses, gradient: temporary(losses?.length ?? 0, gradient), width: plan.spec.classes },
      paths: { ...(rows ? { rows } : {}), ...(gradient ? { gradient } : {}) },
      finish: () => {
        while (made.length > 0) {
          made[0].finish();
          made.shift();
        }
      },
      abort: () => discard(made, folders),
    };
  } catch (error) {
    discard(made, folders);
    throw error;
  }
}

/** "losses.npy", or "mse.losses.npy" and so on for several losses. */
function outputPaths(folder: string, kind: string, plan: Plan): string[] {
  const names = outputNames(plan.spec.losses);
  return names.map((name) => join(folder, names.length === 1 ? `${kind}.npy` : `${name}.${kind}.npy`));
}

/** Its rename at the end would replace what was read. */
function refuseSource(path: string, plan: Plan): void {
  if (!plan.handle.description.sources.some(({ uri }) => resolve(uri) === resolve(path))) return;
  throw new DataError(
    'FILE_NOT_WRITABLE',
    `${path} is one of the files that are evaluated. Name another folder for the output.`,
    { source: path },
  );
}

/** Removes the files and, as far as they are empty, the folders that were made for them. */
function discard(made: NpyFile[], folders: readonly string[]): void {
  for (const file of made.splice(0)) file.abort();
  for (const folder of folders.toReversed()) {
    try {
      rmdirSync(folder);
    } catch {
      // Somebody has put something into it.
      return;
    }
  }
}

/** The prediction's shape. */
function gradientShape({ rows, spec, handle }: Plan): number[] {
  const [name, second] = spec.columns.prediction;
  const width = handle.description.columns.find((column) => column.name === name)?.width ?? null;
  return second === undefined && width === null ? [rows] : [rows, spec.classes];
}

/** Makes a folder. Returns the folders that were not there before, outermost first. */
function makeFolder(folder: string): string[] {
  try {
    const outermost = mkdirSync(folder, { recursive: true });
    if (outermost === undefined) return [];
    const folders = [resolve(folder)];
    while (folders[0] !== resolve(outermost)) folders.unshift(dirname(folders[0]));
    return folders;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(
      'FILE_NOT_WRITABLE',
      `${folder}: cannot be made a folder for the output (${why}). Name a folder that can be written.`,
      { source: folder },
    );
  }
}

/** Opens the temporary files in this thread. */
export function openOutputs(files: OutputFiles): { sinks: Outputs; close(): void } {
  const losses = files.losses?.map(openNpyPart);
  const gradient = files.gradient?.map(openNpyPart);
  return {
    sinks: {
      ...(losses ? { losses: (loss, start, values) => losses[loss].write(start, values) } : {}),
      ...(gradient ? { gradient: (loss, start, values) => gradient[loss].write(start * files.width, values) } : {}),
    },
    close: () => {
      for (const part of [...(losses ?? []), ...(gradient ?? [])]) part.close();
    },
  };
}
