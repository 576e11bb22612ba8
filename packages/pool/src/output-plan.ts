import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DataError, filesOfHandle, MOST_OBJECT_BYTES } from '@lossmill/dataset';
import { outputNames, type Plan, predictionShape, type Spec } from '@lossmill/evaluation';
import type { OutputFile, OutputPlan } from './output-types.js';

export interface OutputOptions {
  /** Told apart by it: what two runs write under temporary names. */
  mark: string;
  /** Folder that relative paths start from; default the current folder. */
  folder?: string;
  /** Asked for each file; throws to refuse it. */
  permit?: (target: string, uri: string) => void;
}

/** Whether it is the URI of an object. */
export const isRemote = (target: string): boolean => /^s3:\/\//i.test(target);

/**
 * The files that a spec wants written. Nothing is written yet.
 * @throws DataError FILE_NOT_WRITABLE for a file that is evaluated too, LIMIT_EXCEEDED
 */
export function planOutputs(plan: Plan, spec: Spec, options: OutputOptions): OutputPlan {
  const arithmetic = plan.spec.type === 'f32' ? 'f4' : 'f8';
  const files = [
    ...(spec.rows ? filesOf('rows', spec.rows.output, 'f8', [plan.rows], plan, options) : []),
    ...(typeof spec.gradient === 'object'
      ? filesOf('gradient', spec.gradient.output, arithmetic, predictionShape(plan), plan, options)
      : []),
  ];
  const local = files.filter(({ target }) => !isRemote(target)).map(({ target }) => dirname(target));
  return { files, folders: [...new Set(local.flatMap(absentFolders))] };
}

function filesOf(
  kind: OutputFile['kind'],
  folder: string,
  type: 'f4' | 'f8',
  shape: number[],
  plan: Plan,
  { mark, folder: base = '.', permit }: OutputOptions,
): OutputFile[] {
  const names = outputNames(plan.spec.losses);
  const last = kind === 'rows' ? 'losses.npy' : 'gradient.npy';
  return names.map((loss, index) => {
    const name = names.length === 1 ? last : `${loss}.${last}`;
    const place = isRemote(folder) ? remotePlace(folder, name, mark) : localPlace(folder, name, mark, base);
    const file: OutputFile = { kind, loss: index, type, shape, ...place };
    permit?.(file.target, file.path);
    refuseSource(file, plan);
    if (isRemote(file.target)) refuseHuge(file);
    return file;
  });
}

type Place = Pick<OutputFile, 'path' | 'target' | 'part'>;

function localPlace(folder: string, name: string, mark: string, base: string): Place {
  const target = resolve(base, folder, name);
  return { path: join(folder, name), target, part: join(dirname(target), `.${name}.${mark}.part`) };
}

function remotePlace(folder: string, name: string, mark: string): Place {
  const prefix = `s3://${folder.slice(5).replace(/\/+$/, '')}`;
  return { path: `${prefix}/${name}`, target: `${prefix}/${name}`, part: `${prefix}/.parts/${mark}/${name}` };
}

/** What is written at the end would replace what was read. */
function refuseSource({ target, path }: OutputFile, plan: Plan): void {
  const real = isRemote(target) ? target : realOf(target);
  const read = filesOfHandle(plan.handle).map((file) => (file.remote ? file.path : realOf(file.path)));
  if (!read.includes(real)) return;
  throw new DataError(
    'FILE_NOT_WRITABLE',
    `${path} is one of the files that are evaluated. Name another folder for the output.`,
    { source: path },
  );
}

function refuseHuge({ target, type, shape }: OutputFile): void {
  const bytes = shape.reduce((product, size) => product * size, Number(type[1])) + 128;
  if (bytes <= MOST_OBJECT_BYTES) return;
  throw new DataError(
    'LIMIT_EXCEEDED',
    `${target} would have ${bytes} bytes; an object has at most ${MOST_OBJECT_BYTES}. Evaluate the data in parts, or write to a folder.`,
    { source: target },
  );
}

/** With the links of its folder followed, as far as that exists. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path));
    } catch {
      return resolve(path);
    }
  }
}

/** The folders that must be made for a folder to be there, outermost first. */
function absentFolders(folder: string): string[] {
  const absent: string[] = [];
  for (let at = folder; !existsSync(at) && dirname(at) !== at; at = dirname(at)) absent.unshift(at);
  return absent;
}

/** The final paths, for the report; undefined when nothing is written. */
export function outputPaths({ files }: OutputPlan): { rows?: string[]; gradient?: string[] } | undefined {
  if (files.length === 0) return undefined;
  const of = (kind: OutputFile['kind']) => files.filter((file) => file.kind === kind).map(({ path }) => path);
  const [rows, gradient] = [of('rows'), of('gradient')];
  return { ...(rows.length > 0 ? { rows } : {}), ...(gradient.length > 0 ? { gradient } : {}) };
}
