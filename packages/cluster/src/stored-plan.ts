import { isRemote, type WritingPlan } from '@lossmill/pool';
import { ClusterError } from './errors.js';

/**
 * The plan that another process put into Redis. That it is one of this version is looked at; what it wants to read is checked where
 * it is used.
 * @throws ClusterError PLAN_INVALID
 */
export function storedPlan(text: string): WritingPlan {
  let plan: unknown;
  try {
    plan = JSON.parse(text);
  } catch {
    throw invalidPlan('it is not JSON');
  }
  if (!isObject(plan)) throw invalidPlan('it is no object');
  if (plan.version !== 1)
    throw invalidPlan(`it is of version ${shown(plan.version)}, and this version of lossmill reads 1`);
  const { spec, handle, rows, shardRows, shards } = plan;
  if (!isObject(spec) || !isHandle(handle)) throw invalidPlan('its spec or its dataset is missing');
  const counts = isCount(rows) && isCount(shardRows) && shardRows > 0 && shards === Math.ceil(rows / shardRows);
  if (!counts || handle.description.rows !== rows) throw invalidPlan('its numbers of rows and shards do not agree');
  if (plan.outputs !== undefined && !isOutputs(plan.outputs)) throw invalidPlan('what it wants to write is unclear');
  return plan as unknown as WritingPlan;
}

function isOutputs(outputs: unknown): boolean {
  if (!isObject(outputs) || !Array.isArray(outputs.files) || !Array.isArray(outputs.folders)) return false;
  return outputs.files.every(isOutput) && outputs.folders.every((folder) => typeof folder === 'string');
}

/** Nothing but what stands under a temporary name of its own is ever opened for writing. */
function isOutput(file: unknown): boolean {
  if (!isObject(file)) return false;
  const { kind, loss, path, target, part, type, shape } = file;
  if (![path, target, part].every((name) => typeof name === 'string')) return false;
  const hidden = isRemote(String(part)) ? /\/\.parts\/[^/]+\/[^/]+$/ : /[\\/]\.[^\\/]+\.part$/;
  return (
    (kind === 'rows' || kind === 'gradient') &&
    isCount(loss) &&
    (type === 'f4' || type === 'f8') &&
    Array.isArray(shape) &&
    shape.every(isCount) &&
    isRemote(String(part)) === isRemote(String(target)) &&
    hidden.test(String(part))
  );
}

function isHandle(handle: unknown): handle is { description: { rows: unknown } } {
  if (!isObject(handle) || !isObject(handle.description) || !Array.isArray(handle.tables)) return false;
  const { columns, sources } = handle.description;
  const files = handle.tables.flatMap((table: unknown) =>
    isObject(table) && isObject(table.data) ? [table.data.files] : [null],
  );
  return (
    Array.isArray(columns) && Array.isArray(sources) && files.every((list) => Array.isArray(list) && list.every(isFile))
  );
}

const isFile = (file: unknown): boolean =>
  isObject(file) && typeof file.path === 'string' && typeof file.uri === 'string';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : typeof value);

export const invalidPlan = (why: string): ClusterError =>
  new ClusterError(
    'PLAN_INVALID',
    `The plan that Redis holds of this evaluation cannot be used: ${why}. Submit it again; if that does not help, bring all workers and coordinators to one version.`,
  );
