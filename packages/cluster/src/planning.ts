import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { type Plan, parseSpec, prepare } from '@lossmill/evaluation';
import { planOutputs, type WritingPlan } from '@lossmill/pool';
import type { DataRoots } from './data-roots.js';
import { ClusterError } from './errors.js';
import type { Submission } from './submission.js';

/** Told apart from those of another plan of the same evaluation. */
export const newEpoch = (): string => randomBytes(4).toString('hex');

/** For temporary names; an id may be any text, as programs may choose it. */
export const markOf = (id: string, epoch: string): string => `${id.replace(/[^\w-]/g, '_').slice(0, 40)}.${epoch}`;

export interface PlanningOptions {
  /** More than these are refused. */
  mostShards: number;
  /** What stands in temporary names of files to write. */
  mark: string;
}

/**
 * Plans a submission: only files and URLs that this process may read are looked at. Nothing is written.
 * @throws EvaluationError, DataError (ACCESS_DENIED for a URL), ClusterError PATH_FORBIDDEN, TOO_MANY_SHARDS
 */
export async function planSubmission(
  { spec: given, folder }: Submission,
  roots: DataRoots,
  { mostShards, mark }: PlanningOptions,
): Promise<WritingPlan> {
  const spec = await parseSpec(given);
  const base = folder !== undefined && isFolder(folder) && roots.has(folder) ? folder : process.cwd();
  roots.checkSpec(spec.data, base);
  const { plan, dataset } = await prepare(spec, { folder: base, access: roots.access, permit: roots.check });
  await dataset.close();
  if (plan.shards > mostShards) throw tooManyShards(plan, mostShards);
  const outputs = planOutputs(plan, spec, { mark, folder: base });
  if (outputs.files.length === 0) return plan;
  roots.checkOutputs(outputs);
  return { ...plan, outputs };
}

/** Files and bytes that a plan reads of: a table within the spec is none. */
export function sizeOf({ handle: { description } }: Plan): { files: number; dataBytes: number } {
  if (description.format === 'inline') return { files: 0, dataBytes: 0 };
  const { sources } = description;
  return { files: sources.length, dataBytes: sources.reduce((sum, { bytes }) => sum + bytes, 0) };
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const tooManyShards = ({ rows, shards, shardRows }: Plan, most: number): ClusterError => {
  const count = (n: number): string => n.toLocaleString('en-US');
  return new ClusterError(
    'TOO_MANY_SHARDS',
    `${count(rows)} rows in shards of ${count(shardRows)} are ${count(shards)} shards, but at most ${count(most)} are taken. Make shards larger (shard.rows of at least ${count(Math.ceil(rows / most))}, --shard-rows), or raise LOSSMILL_MOST_SHARDS.`,
  );
};
