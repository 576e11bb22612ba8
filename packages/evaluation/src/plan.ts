import type { DatasetHandle, Description } from '@lossmill/dataset';
import { groupColumns, type ResolvedSpec } from './resolve.js';
import type { Spec } from './spec-schema.js';

/** Rows of a canonical block: sums in floating point never cross its edge except up the fold tree. */
export const BLOCK = 256;

const DEFAULT_SHARD_ROWS = 262_144;
const DEFAULT_SHARD_BYTES = 32 * 1024 * 1024;

/** Every shard, decided from metadata: a value that can be printed, stored and sent. */
export interface Plan {
  version: 1;
  spec: ResolvedSpec;
  handle: DatasetHandle;
  rows: number;
  /** A whole number of blocks. */
  shardRows: number;
  shards: number;
}

/** Rows [start, end) by absolute index. */
export interface Shard {
  index: number;
  start: number;
  end: number;
}

export function makePlan(spec: ResolvedSpec, handle: DatasetHandle, shard: Spec['shard']): Plan {
  const { rows } = handle.description;
  const shardRows = Math.ceil(askedRows(spec, handle.description, shard) / BLOCK) * BLOCK;
  return { version: 1, spec, handle, rows, shardRows, shards: Math.ceil(rows / shardRows) };
}

export function shardAt(plan: Plan, index: number): Shard {
  const start = index * plan.shardRows;
  return { index, start, end: Math.min(start + plan.shardRows, plan.rows) };
}

/** One at a time: a plan of a million shards takes no memory. */
export function* shardsOf(plan: Plan): Generator<Shard> {
  for (let index = 0; index < plan.shards; index++) yield shardAt(plan, index);
}

/** Which rows of which sources a shard covers, rows counted within each source. */
export function shardPieces(plan: Plan, shard: Shard): { uri: string; start: number; end: number }[] {
  return plan.handle.description.sources
    .filter((source) => source.start < shard.end && source.start + source.rows > shard.start)
    .map((source) => ({
      uri: source.uri,
      start: Math.max(shard.start, source.start) - source.start,
      end: Math.min(shard.end, source.start + source.rows) - source.start,
    }));
}

function askedRows(spec: ResolvedSpec, description: Description, shard: Spec['shard']): number {
  if (shard && 'rows' in shard) return Math.min(shard.rows, 2 ** 52);
  const perRow = bytesPerRow(spec, description);
  if (shard) return Math.max(1, Math.floor(shard.bytes / perRow));
  return Math.min(DEFAULT_SHARD_ROWS, Math.max(1, Math.floor(DEFAULT_SHARD_BYTES / perRow)));
}

const SIZE: Record<string, number> = {
  f16: 2,
  bf16: 2,
  f32: 4,
  f64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  bool: 1,
  string: 16,
};

/** Bytes of the used columns of one row, as stored in memory. */
export function bytesPerRow(spec: ResolvedSpec, description: Description): number {
  const used = new Set([
    ...spec.columns.prediction,
    ...spec.columns.target,
    ...(spec.columns.variance ?? []),
    spec.columns.weight,
    ...groupColumns(spec),
  ]);
  let bytes = 0;
  for (const column of description.columns) {
    if (used.has(column.name)) bytes += SIZE[column.type] * (column.width ?? 1);
  }
  return Math.max(1, bytes);
}
