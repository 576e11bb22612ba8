import { type Access, type Dataset, openDataset } from '@lossmill/dataset';
import { makePlan, type Plan } from './plan.js';
import { resolveSpec } from './resolve.js';
import { parseSpec } from './spec.js';
import type { Spec } from './spec-schema.js';
import { refuseWideRows, refuseWideSummary } from './wide-rows.js';

export interface Prepared {
  plan: Plan;
  dataset: Dataset;
  spec: Spec;
}

export interface PrepareOptions {
  /** Folder that relative paths start from; default the current folder. */
  folder?: string;
  /** What may be read; default every local file and every http, https and s3 URL. */
  access?: Access;
  /** Asked for each file before it is opened; throws to refuse it. */
  permit?: (path: string, uri: string) => void;
  /** Ends the planning early; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** spec -> open dataset and plan. The caller closes the dataset. */
export async function prepare(value: unknown, options: PrepareOptions = {}): Promise<Prepared> {
  const spec = await parseSpec(value);
  const { access, folder, permit, signal } = options;
  const dataset = await openDataset(spec.data as Parameters<typeof openDataset>[0], {
    access,
    columns: columnsOf(spec),
    folder,
    permit,
    signal,
  });
  try {
    const resolved = await resolveSpec(spec, dataset);
    refuseWideRows(resolved);
    refuseWideSummary(resolved);
    return { plan: makePlan(resolved, dataset.handle, spec.shard), dataset, spec };
  } catch (error) {
    await dataset.close();
    throw error;
  }
}

/** Every column that a spec names. */
const columnsOf = ({ columns, slices = [] }: Spec): string[] => [
  ...new Set([...Object.values(columns).flat(), ...slices.flat()]),
];
