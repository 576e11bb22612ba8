import { ExactSum } from '@lossmill/exact-sum';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { EvaluationError } from './errors.js';
import { sumsOf } from './gradient-sums.js';
import type { GradientTotals } from './gradient-totals.js';
import type { Ordered } from './ordered.js';
import { type Hits, type LossTotals, Partial } from './partial.js';
import { checkNode, checkOrdered, size, whole } from './partial-checks.js';
import { groupSets, type ResolvedSpec } from './resolve.js';
import { renumber, type SliceNodes } from './slice-nodes.js';

const MAGIC = 0x504d4c4c; // "LLMP"
const VERSION = 3;

/** Canonical bytes of a partial: partials of the same rows give the same bytes, however they were made. Layout: docs/architecture.md. */
export function encodePartial(partial: Partial): Uint8Array {
  const out = new ByteWriter();
  out.u32(MAGIC);
  out.u32(VERSION);
  out.u32(partial.losses.length);
  out.u32(groupSets(partial.spec));
  out.f64(partial.rowsRead);
  out.f64(partial.rowsIgnored);
  writeBad(out, partial);
  for (const loss of partial.losses) writeLoss(out, loss);
  writeHits(out, partial.hits);
  const sorted = partial.keys.map((keys, set) => sortedKeys(keys, usedIds(partial, set)));
  for (const { keys } of sorted) {
    out.u32(keys.length);
    for (const key of keys) out.text(key);
  }
  const { nodes } = partial.ordered;
  out.u32(nodes.length);
  for (const { level, index, value } of nodes) {
    out.u32(level);
    out.f64(index);
    out.floats(value.moments);
    out.floats(value.elements);
    value.slices.forEach((slices, set) => {
      writeSlices(out, renumber(slices, sorted[set].to));
    });
  }
  return out.finish();
}

/** Reads a partial of this spec. Throws EvaluationError PARTIAL_CORRUPT for bytes that are something else. */
export function decodePartial(bytes: Uint8Array, spec: ResolvedSpec): Partial {
  const input = new ByteReader(bytes);
  try {
    return read(input, spec);
  } catch (error) {
    if (error instanceof EvaluationError) throw error;
    throw corrupt(error instanceof Error ? error.message : String(error));
  }
}

const corrupt = (why: string): EvaluationError =>
  new EvaluationError('PARTIAL_CORRUPT', `A partial cannot be read: ${why}.`);

function read(input: ByteReader, spec: ResolvedSpec): Partial {
  if (input.u32() !== MAGIC) throw corrupt('it does not begin as one');
  const version = input.u32();
  if (version !== VERSION) throw corrupt(`its version is ${version}; this program reads ${VERSION}`);
  const losses = input.u32();
  const sets = input.u32();
  if (losses !== spec.losses.length || sets !== groupSets(spec)) {
    throw corrupt(
      `it has ${losses} losses and ${sets} group sets, the spec ${spec.losses.length} and ${groupSets(spec)}`,
    );
  }
  const keys: string[][] = Array.from({ length: sets }, () => []);
  const partial = new Partial(spec, keys);
  partial.rowsRead = whole(input.f64());
  partial.rowsIgnored = whole(input.f64());
  readBad(input, partial);
  for (const loss of partial.losses) readLoss(input, loss);
  readHits(input, partial.hits);
  for (const list of keys) {
    const count = input.u32();
    for (let i = 0; i < count; i++) list.push(input.text());
  }
  const nodes = input.u32();
  let free = 0;
  for (let i = 0; i < nodes; i++) {
    const level = input.u32();
    const index = input.f64();
    free = checkNode(level, index, free);
    const ordered = readOrdered(input, sets);
    checkOrdered(ordered, spec, keys);
    partial.ordered.add(level, index, ordered);
  }
  if (input.left !== 0) throw corrupt(`${input.left} bytes are left over`);
  return partial;
}

function writeBad(out: ByteWriter, partial: Partial): void {
  const reasons = [...partial.bad.byReason].sort(([a], [b]) => (a < b ? -1 : 1));
  out.u32(reasons.length);
  for (const [reason, { count, first }] of reasons) {
    out.text(reason);
    out.f64(count);
    out.f64(first.row);
    for (const text of [first.column, first.value, first.words]) out.text(text);
  }
}

function readBad(input: ByteReader, partial: Partial): void {
  const reasons = input.u32();
  for (let i = 0; i < reasons; i++) {
    const reason = input.text();
    const count = whole(input.f64());
    const row = whole(input.f64());
    partial.bad.byReason.set(reason, {
      count,
      first: { row, column: input.text(), value: input.text(), words: input.text() },
    });
  }
}

function writeLoss(out: ByteWriter, loss: LossTotals): void {
  for (const value of [loss.count, loss.nonzero, loss.undefinedRows, loss.min, loss.max]) out.f64(value);
  out.bytes(loss.sum.toBytes());
  out.bytes(loss.weight.toBytes());
  for (const sum of loss.outputs) out.bytes(sum.toBytes());
  out.u32(loss.worst.rows.length);
  for (const row of loss.worst.rows) {
    out.f64(row.loss);
    out.f64(row.row);
  }
  for (const slices of loss.slices) {
    const entries = [...slices.byKey].sort(([a], [b]) => (a < b ? -1 : 1));
    out.u32(entries.length);
    for (const [key, total] of entries) {
      out.text(key);
      out.f64(total.count);
      out.bytes(total.sum.toBytes());
      out.bytes(total.weight.toBytes());
    }
  }
  if (loss.gradient) writeGradient(out, loss.gradient);
}

function readLoss(input: ByteReader, loss: LossTotals): void {
  loss.count = whole(input.f64());
  loss.nonzero = whole(input.f64());
  loss.undefinedRows = whole(input.f64());
  loss.min = input.f64();
  loss.max = input.f64();
  loss.sum.merge(ExactSum.fromBytes(input.bytes()));
  loss.weight.merge(ExactSum.fromBytes(input.bytes()));
  for (const sum of loss.outputs) sum.merge(ExactSum.fromBytes(input.bytes()));
  const worst = input.u32();
  for (let i = 0; i < worst; i++) loss.worst.add(input.f64(), whole(input.f64()));
  for (const slices of loss.slices) {
    const entries = input.u32();
    for (let i = 0; i < entries; i++) {
      const total = slices.get(input.text());
      total.count = whole(input.f64());
      total.sum.merge(ExactSum.fromBytes(input.bytes()));
      total.weight.merge(ExactSum.fromBytes(input.bytes()));
    }
  }
  if (loss.gradient) readGradient(input, loss.gradient);
}

/** How many sums there are follows from the spec. */
function writeGradient(out: ByteWriter, gradient: GradientTotals): void {
  out.f64(gradient.greatest);
  for (const sum of sumsOf(gradient)) out.bytes(sum.toBytes());
}

function readGradient(input: ByteReader, gradient: GradientTotals): void {
  gradient.greatest = size(input.f64());
  for (const sum of sumsOf(gradient)) sum.merge(ExactSum.fromBytes(input.bytes()));
}

const hitSums = (hits: Hits): ExactSum[] => [hits.weight, hits.rightWeight, hits.squared, hits.rightSquared];

function writeHits(out: ByteWriter, hits: Hits): void {
  for (const value of [hits.rows, hits.right, hits.soft]) out.f64(value);
  for (const sum of hitSums(hits)) out.bytes(sum.toBytes());
}

function readHits(input: ByteReader, hits: Hits): void {
  hits.rows = whole(input.f64());
  hits.right = whole(input.f64());
  hits.soft = whole(input.f64());
  for (const sum of hitSums(hits)) sum.merge(ExactSum.fromBytes(input.bytes()));
}

/** A runner's key list goes on growing after a partial is done; only what the partial holds belongs into its bytes. */
function usedIds(partial: Partial, set: number): Set<number> {
  return new Set(partial.ordered.nodes.flatMap(({ value }) => [...value.slices[set].ids]));
}

/** Used keys in code-point order, and the new id of each old one. */
function sortedKeys(keys: readonly string[], used: ReadonlySet<number>): { keys: string[]; to: Int32Array } {
  const order = [...used].sort((a, b) => (keys[a] < keys[b] ? -1 : 1));
  const to = new Int32Array(keys.length);
  order.forEach((id, k) => {
    to[id] = k;
  });
  return { keys: order.map((id) => keys[id]), to };
}

function writeSlices(out: ByteWriter, { ids, nodes }: SliceNodes): void {
  out.u32(ids.length);
  for (const id of ids) out.u32(id);
  out.floats(nodes);
}

function readOrdered(input: ByteReader, sets: number): Ordered {
  const moments = input.floats();
  const elements = input.floats();
  const slices = Array.from({ length: sets }, () => {
    const ids = new Int32Array(input.count(4));
    for (let k = 0; k < ids.length; k++) ids[k] = input.u32();
    return { ids, nodes: input.floats() };
  });
  return { moments, elements, slices };
}
