import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { EvaluationError, type Plan, parseSpec, prepare } from '@lossmill/evaluation';
import type { DataRoots } from './data-roots.js';
import { ClusterError } from './errors.js';
import type { Submission } from './submission.js';

/** Told apart from those of another plan of the same evaluation. */
export const newEpoch = (): string => randomBytes(4).toString('hex');

/**
 * Plans a submission: only files and URLs that this process may read are looked at.
 * @throws EvaluationError, DataError (ACCESS_DENIED for a URL), ClusterError PATH_FORBIDDEN, TOO_MANY_SHARDS
 */
export async function planSubmission(
  { spec: given, folder }: Submission,
  roots: DataRoots,
  mostShards: number,
): Promise<Plan> {
  const spec = await parseSpec(given);
  const later = spec.rows ? 'rows.output' : typeof spec.gradient === 'object' ? 'gradient.output' : null;
  if (later !== null)
    throw new EvaluationError(
      'NOT_AVAILABLE_YET',
      `${later}: writing files is not available on a cluster yet. Leave it out, or evaluate on this machine.`,
      { path: later },
    );
  const base = folder !== undefined && isFolder(folder) && roots.has(folder) ? folder : process.cwd();
  roots.checkSpec(spec.data, base);
  const { plan, dataset } = await prepare(spec, { folder: base, access: roots.access, permit: roots.check });
  await dataset.close();
  if (plan.shards > mostShards) throw tooManyShards(plan, mostShards);
  return plan;
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
