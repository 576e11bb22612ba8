import { sizeOf } from '../numbers.js';
import type { NumberType } from '../types.js';

/** How a Parquet column is asked for and understood. Made from DuckDB's name of its type, which the layout keeps. */
export interface ParquetType {
  /** Type of a number (of a list's elements); null for text and what cannot be read. */
  number: NumberType | null;
  list: boolean;
  /** What an element of a list takes in DuckDB's memory, on its way too. */
  elementBytes: number;
  /** Whether the column can be read as text. */
  text: boolean;
  /** SQL that gives the column as `number` (or a list of it), or as VARCHAR. */
  select(column: string): string;
}

const numbers: Record<string, NumberType> = {
  FLOAT: 'f32',
  DOUBLE: 'f64',
  TINYINT: 'i8',
  SMALLINT: 'i16',
  INTEGER: 'i32',
  BIGINT: 'i64',
  UTINYINT: 'u8',
  USMALLINT: 'u16',
  UINTEGER: 'u32',
  UBIGINT: 'u64',
  BOOLEAN: 'bool',
};

const texts =
  /^(VARCHAR|JSON|DATE|TIME|TIME_NS|TIMESTAMP|TIMESTAMP_S|TIMESTAMP_MS|TIMESTAMP_NS|UUID|BLOB|INTERVAL|ENUM|HUGEINT|UHUGEINT)\b(?!.*\[)/;

/** @param type as DESCRIBE names it: "BIGINT", "DECIMAL(18,3)", "FLOAT[]", "STRUCT(a INTEGER)" */
export function parquetType(type: string): ParquetType {
  const list = /^(.+)\[\d*\]$/.exec(type);
  const element = list ? list[1] : type;
  const suffix = list ? '[]' : '';
  const number = numbers[element];
  const shape = { list: list !== null, text: list === null };
  if (number) return { ...shape, number, elementBytes: sizeOf(number), select: (column) => column };
  const decimal = /^DECIMAL\((\d+),\d+\)$/.exec(element);
  if (decimal) return { ...shape, number: 'f64', elementBytes: 32, select: decimalSql(Number(decimal[1]), suffix) };
  const text = texts.test(type);
  return {
    number: null,
    list: false,
    elementBytes: 0,
    text,
    select: (column) => (type === 'VARCHAR' ? column : `CAST(${column} AS VARCHAR)`),
  };
}

/** Up to 15 digits the division by the scale is exact arithmetic; more digits are rounded once, by way of their text. */
function decimalSql(digits: number, suffix: string): (column: string) => string {
  if (digits <= 15) return (column) => `CAST(${column} AS DOUBLE${suffix})`;
  return (column) => `CAST(CAST(${column} AS VARCHAR${suffix}) AS DOUBLE${suffix})`;
}
