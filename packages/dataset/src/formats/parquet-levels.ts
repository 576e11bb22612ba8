import type { DuckDBConnection } from '@duckdb/node-api';
import type { Buffer as ColumnBuffer, TextBuffer } from '../types.js';
import { literal } from './duckdb.js';
import type { Copier } from './parquet-copier.js';
import { enumCodes, isPresent, presentBits } from './parquet-vector.js';

/**
 * A column of few, long texts is read as an ENUM of them: small codes instead of strings behind pointers, which take over
 * a microsecond each to fetch. Tried once a cursor, when its first rows look like it.
 */

/** Most different texts in the first rows, and in all, for which it pays. */
const FEW_AT_FIRST = 512;
const FEW = 4096;
/** Rows that must be left to be worth asking for the distinct values first. */
const WORTH = 8192;

/** What a text copier noticed about texts longer than DuckDB keeps in place (12 bytes). */
export interface LongTexts {
  /** False when nobody will ask any more. */
  watched: boolean;
  fetched: number;
  codes: Set<number>;
}

export function worthLevels(long: LongTexts, rowsSeen: number, rowsLeft: number): boolean {
  return rowsLeft >= WORTH && long.fetched * 4 > rowsSeen && long.codes.size <= FEW_AT_FIRST;
}

/** The distinct texts of the rows of a query with one column t, or null when they are too many. */
export async function findLevels(connection: DuckDBConnection, query: string): Promise<string[] | null> {
  const result = await connection.runAndReadAll(
    `SELECT DISTINCT t FROM (${query}) WHERE t IS NOT NULL LIMIT ${FEW + 1}`,
  );
  const levels = result.getColumnsJS()[0] as string[];
  return levels.length <= FEW && levels.every((level) => !level.includes('\0')) ? levels : null;
}

export function levelsSql(sql: string, levels: readonly string[]): string {
  return `CAST(${sql} AS ENUM(${levels.map(literal).join(', ')}))`;
}

/** Codes of the dictionary in order of appearance in the rows, whatever the order of the levels. */
export function levelsCopier(levels: readonly string[]): Copier {
  const known = new Int32Array(levels.length).fill(-1);
  return (vector, { from, count, to }, buffer: ColumnBuffer) => {
    const { codes, dictionary } = buffer as TextBuffer;
    const bits = presentBits(vector);
    const places = enumCodes(vector, from, count);
    for (let i = 0; i < count; i++) {
      if (bits !== null && !isPresent(bits, from + i)) codes[to + i] = -1;
      else {
        const level = places[i];
        if (known[level] < 0) known[level] = dictionary.code(levels[level]);
        codes[to + i] = known[level];
      }
    }
  };
}
