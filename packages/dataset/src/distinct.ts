import { createDictionary } from './dictionary.js';
import { compareText } from './order.js';
import type { ColumnType, Cursor, TextBuffer } from './types.js';

const chunkRows = 16384;

/**
 * The distinct present values of a text cursor with one column over all rows, sorted; null if there are more than `limit`.
 * Numbers are sorted by value (NaN last), text by code point.
 */
export async function distinctValues(
  cursor: Cursor,
  rows: number,
  type: ColumnType,
  limit: number,
): Promise<string[] | null> {
  const dictionary = createDictionary();
  const buffer: TextBuffer = { as: 'text', codes: new Int32Array(Math.min(rows, chunkRows)), dictionary };
  try {
    for (let done = 0; done < rows; done += chunkRows) {
      await cursor.fill(Math.min(chunkRows, rows - done), [buffer]);
      if (dictionary.values.length > limit) return null;
    }
  } finally {
    await cursor.close();
  }
  return sortedTexts([...dictionary.values], type);
}

/** Sorts texts of one column's values in the order of `distinctValues`. */
export function sortedTexts(texts: string[], type: ColumnType): string[] {
  if (type === 'string') return texts.sort(compareText);
  if (type === 'i64' || type === 'u64') return texts.sort((left, right) => compareNumbers(BigInt(left), BigInt(right)));
  if (type === 'bool') return texts.sort();
  return texts.sort((left, right) => compareNumbers(Number(left), Number(right)));
}

function compareNumbers(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return Number(Number.isNaN(right)) * -1 + Number(Number.isNaN(left));
}
