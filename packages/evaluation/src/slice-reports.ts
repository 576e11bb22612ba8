import type { Column, Description } from '@lossmill/dataset';
import { NODE, spread } from '@lossmill/statistics';
import { intervalOf, jsonInterval } from './estimate.js';
import type { Ordered } from './ordered.js';
import type { LossTotals } from './partial.js';
import { jsonNumber, type SliceKey, type SliceReport } from './report.js';

type KeyValue = SliceKey[string];

/** The slices of one slice set and one loss, sorted by key: numbers by value, texts by code point, missing last. */
export function sliceReports(
  description: Description,
  columns: readonly string[],
  set: number,
  loss: number,
  totals: LossTotals,
  ordered: Ordered | undefined,
  confidence: number,
): SliceReport[] {
  const types = columns.map((name) => description.columns.find((column) => column.name === name) as Column);
  const entries = [...totals.slices[set].byKey].map(([key, total]) => {
    const values = (JSON.parse(key) as (string | null)[]).map((text, j) => keyValue(text, types[j]));
    return { key, values, total };
  });
  entries.sort((a, b) => compareKeys(a.values, b.values));
  return entries.map(({ key, values, total }) => {
    const sum = total.sum.round();
    const weight = total.weight.isZero() ? total.count : total.weight.round();
    const mean = weight === 0 ? Number.NaN : sum / weight;
    const node = ordered?.slices[set].get(key) ?? new Float64Array((loss + 1) * NODE);
    const { stderr } = spread(node, loss * NODE);
    return {
      key: Object.fromEntries(columns.map((name, j) => [name, values[j]])),
      count: total.count,
      weight: jsonNumber(weight),
      sum: jsonNumber(sum),
      mean: jsonNumber(mean),
      stderr: jsonNumber(stderr),
      interval: jsonInterval(intervalOf(mean, stderr, confidence)),
    };
  });
}

/** The column's own type back from its text. */
function keyValue(text: string | null, column: Column): KeyValue {
  if (text === null || column.type === 'string') return text;
  if (column.type === 'bool') return text === 'true';
  const value = Number(text);
  return Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value)) ? value : text;
}

function compareKeys(a: readonly KeyValue[], b: readonly KeyValue[]): number {
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
