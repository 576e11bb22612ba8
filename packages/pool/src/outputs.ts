import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { probeObject, removeTemporaryFolder, S3Objects, temporaryFolder } from '@lossmill/dataset';
import type { Plan, Spec } from '@lossmill/evaluation';
import { dropParts, makeParts, publishPart, uploadPart } from './output-files.js';
import { isRemote, outputPaths, planOutputs } from './output-plan.js';
import type { OutputFile, OutputPlan } from './output-types.js';

/** The .npy files of `rows.output` and `gradient.output` of a local evaluation: under temporary names until it has succeeded. */
export interface OutputSet {
  files: OutputFile[];
  /** Final paths, by kind; undefined when nothing was asked for. */
  paths: ReturnType<typeof outputPaths>;
  finish(): Promise<void>;
  /** Removes what is under temporary names. */
  drop(): void;
}

/** @throws DataError FILE_NOT_WRITABLE before anything is computed */
export async function createOutputs(plan: Plan, spec: Spec, signal?: AbortSignal): Promise<OutputSet> {
  const planned = planOutputs(plan, spec, { mark: randomBytes(6).toString('hex') });
  const { outputs, folder } = await onThisDisk(planned, signal);
  const drop = (): void => {
    dropParts(outputs);
    if (folder !== null) removeTemporaryFolder(folder);
  };
  try {
    makeParts(outputs);
  } catch (error) {
    drop();
    throw error;
  }
  return {
    files: outputs.files,
    paths: outputPaths(outputs),
    finish: async () => {
      for (const file of outputs.files) {
        if (isRemote(file.target)) await uploadPart(file, file.part, signal);
        else await publishPart(file);
      }
    },
    drop,
  };
}

/** What becomes an object is a temporary file until the end. */
async function onThisDisk(
  outputs: OutputPlan,
  signal?: AbortSignal,
): Promise<{ outputs: OutputPlan; folder: string | null }> {
  const remote = outputs.files.filter(({ target }) => isRemote(target));
  if (remote.length === 0) return { outputs, folder: null };
  const objects = new S3Objects();
  for (const { target } of remote) await probeObject(objects, target, signal);
  const folder = temporaryFolder('outputs');
  const files = outputs.files.map((file) =>
    isRemote(file.target) ? { ...file, part: join(folder, basename(file.target)) } : file,
  );
  return { outputs: { ...outputs, files }, folder };
}
