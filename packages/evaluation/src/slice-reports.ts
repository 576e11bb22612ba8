import type { Column } from '@lossmill/dataset';
import type { BoundLoss } from '@lossmill/losses';
import { NODE } from '@lossmill/statistics';
import { divisorOf, spreadOf } from './compat.js';
import { intervalOf, jsonInterval } from './estimate.js';
import type { Ordered } from './ordered.js';
import type { Partial } from './partial.js';
import type { Plan } from './plan.js';
import { jsonNumber, type KeyValue, type SliceReport } from './report.js';
import type { SliceNodes } from './slice-nodes.js';

/** The slices of one slice set and one loss, sorted by key: numbers by value, texts by code point, missing last. */
export function sliceReports(
  plan: Plan,
  bound: BoundLoss,
  { set, index: loss }: { set: number; index: number },
  partial: Partial,
  ordered: Ordered | undefined,
): SliceReport[] {
  const { spec, handle } = plan;
  const { description } = handle;
  const columns = spec.slices[set];
  const totals = partial.losses[loss];
  const weighted = spec.columns.weight !== null || spec.losses[loss].parameters.class_weight !== undefined;
  const denominator = bound.compat?.denominator ?? 'weight';
  const ids = new Map(partial.keys[set].map((key, id) => [key, id]));
  const types = columns.map((name) => description.columns.find((column) => column.name === name) as Column);
  const entries = [...totals.slices[set].byKey].map(([key, total]) => {
    const values = (JSON.parse(key) as (string | null)[]).map((text, j) => keyValue(text, types[j]));
    return { key, values, total };
  });
  entries.sort((a, b) => compareKeys(a.values, b.values));
  return entries.map(({ key, values, total }) => {
    const sum = total.sum.round();
    const weight = weighted ? total.weight.round() : total.count;
    const { node, at } = groupMoments(ordered?.slices[set], ids.get(key), loss);
    // Rows of nonzero weight are those that entered the moments.
    const of = { weight, count: total.count, nonzero: node[at], classes: bound.elementwise ? spec.classes : 1 };
    const mean = weight === 0 ? Number.NaN : sum / divisorOf(denominator, of);
    const { stderr } = spreadOf(denominator, of, node, at);
    return {
      key: Object.fromEntries(columns.map((name, j) => [name, values[j]])),
      count: total.count,
      weight: jsonNumber(weight),
      sum: jsonNumber(sum),
      mean: jsonNumber(mean),
      stderr: jsonNumber(stderr),
      interval: jsonInterval(intervalOf(mean, stderr, spec.confidence)),
    };
  });
}

function groupMoments(slices: SliceNodes | undefined, id: number | undefined, loss: number) {
  const k = slices && id !== undefined ? slices.ids.indexOf(id) : -1;
  if (!slices || k < 0) return { node: new Float64Array(NODE), at: 0 };
  return { node: slices.nodes, at: k * (slices.nodes.length / slices.ids.length) + loss * NODE };
}

/** The column's own type back from its text. */
export function keyValue(text: string | null, column: Column): KeyValue {
  if (text === null || column.type === 'string') return text;
  if (column.type === 'bool') return text === 'true';
  const value = Number(text);
  return Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value)) ? value : text;
}

export function compareKeys(a: readonly KeyValue[], b: readonly KeyValue[]): number {
  for (let j = 0; j < a.length; j++) {
    const order = compareValues(a[j], b[j]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareValues(a: KeyValue, b: KeyValue): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  if (typeof a === typeof b) return a < b ? -1 : 1;
  return typeof a < typeof b ? -1 : 1;
}
