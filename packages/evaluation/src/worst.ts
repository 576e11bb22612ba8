import {
  type Buffer,
  type ColumnRead,
  createDictionary,
  type Dataset,
  type NumberBuffer,
  type TextBuffer,
} from '@lossmill/dataset';
import type { Partial } from './partial.js';
import type { Plan } from './plan.js';
import { dequantized } from './quantization.js';
import { jsonNumber, type WorstRow } from './report.js';

interface RowContent {
  id: string | number | null;
  prediction: WorstRow['prediction'];
  target: WorstRow['target'];
}

/** More classes than this are not printed for a worst row. */
const MOST_SHOWN = 100;

/** The worst rows of each loss with what they hold, read from the dataset again: no row is kept while the evaluation runs. */
export async function worstRows(plan: Plan, dataset: Dataset, partial: Partial): Promise<WorstRow[][]> {
  const rows = [...new Set(partial.losses.flatMap(({ worst }) => worst.rows.map(({ row }) => row)))].sort(
    (a, b) => a - b,
  );
  const contents = new Map<number, RowContent>();
  for (const row of rows) contents.set(row, await readRow(plan, dataset, row));
  return partial.losses.map(({ worst }) =>
    worst.rows.map(({ loss, row }) => {
      const { id, prediction, target } = contents.get(row) as RowContent;
      return { ...locateRow(plan, row), id, loss: jsonNumber(loss), prediction, target };
    }),
  );
}

/** The source of an absolute row that holds its first prediction column, and the row's index within it. */
export function locateRow(
  plan: Plan,
  row: number,
  column = plan.spec.columns.prediction[0],
): { source: string; row: number } {
  const { sources } = plan.handle.description;
  const holds = (withColumn: boolean) =>
    sources.find((s) => row >= s.start && row < s.start + s.rows && (!withColumn || s.columns.includes(column)));
  const source = holds(true) ?? holds(false);
  return source ? { source: source.uri, row: row - source.start } : { source: '', row };
}

async function readRow(plan: Plan, dataset: Dataset, row: number): Promise<RowContent> {
  const { prediction, target, id } = plan.spec.columns;
  const columns = [...prediction, ...target, ...(id === null ? [] : [id])];
  const slots = columns.map((name) => slotFor(name, plan, dataset));
  const cursor = await dataset.cursor(
    row,
    row + 1,
    slots.map(({ read }) => read),
  );
  try {
    await cursor.fill(
      1,
      slots.map(({ buffer }) => buffer),
    );
  } finally {
    await cursor.close();
  }
  const values = slots.map(slotValue);
  const { quantization } = plan.spec;
  const part = (from: number, to: number) => (to - from === 1 ? values[from] : values.slice(from, to).flat());
  const idValue = id === null ? null : values[columns.length - 1];
  return {
    id: Array.isArray(idValue) ? null : idValue,
    prediction: dequantized(part(0, prediction.length) as WorstRow['prediction'], quantization),
    target: part(prediction.length, prediction.length + target.length) as WorstRow['target'],
  };
}

interface Slot {
  read: ColumnRead;
  buffer: Buffer;
  width: number | null;
  /** Text of a whole-number column. */
  whole: boolean;
}

function slotFor(name: string, plan: Plan, dataset: Dataset): Slot {
  const column = dataset.description.columns.find((entry) => entry.name === name);
  const width = column?.width ?? null;
  const whole = name === plan.spec.columns.id && (column?.type === 'i64' || column?.type === 'u64');
  if (whole || column?.type === 'string') {
    return {
      read: { column: name, as: 'text' },
      buffer: { as: 'text', codes: new Int32Array(1), dictionary: createDictionary() },
      width,
      whole,
    };
  }
  const single = column?.type === 'f32' || column?.type === 'f16' || column?.type === 'bf16';
  const values = single ? new Float32Array(width ?? 1) : new Float64Array(width ?? 1);
  const as = single ? 'f32' : 'f64';
  return { read: { column: name, as }, buffer: { as, values, present: new Uint8Array(1), missing: 0 }, width, whole };
}

function slotValue({ buffer, width, whole }: Slot): string | number | null | WorstRow['prediction'] {
  if (buffer.as === 'text') return textValue(buffer, whole);
  const { values, missing } = buffer as NumberBuffer;
  if (width === null) return missing > 0 ? null : jsonNumber(values[0]);
  return Array.from(values.subarray(0, MOST_SHOWN), jsonNumber);
}

/** Of a whole-number id, a number again where float64 holds it. */
function textValue({ codes, dictionary }: TextBuffer, whole: boolean): string | number | null {
  if (codes[0] < 0) return null;
  const text = dictionary.values[codes[0]];
  return whole && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}
