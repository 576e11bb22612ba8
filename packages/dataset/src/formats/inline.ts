import { createHash } from 'node:crypto';
import { DataError } from '../errors.js';
import { numberText } from '../number-text.js';
import { compareText } from '../order.js';
import { checkReads } from '../schema.js';
import type { Column, Buffer as ColumnBuffer, ColumnRead, Cursor, Source, TextBuffer } from '../types.js';
import { type InlineColumn, parseInlineColumn } from './inline-column.js';

/** A small table given in the spec itself, held in memory. Cursors are synchronous. */
export class InlineTable {
  readonly columns: ReadonlyMap<string, Column>;
  readonly rows: number;
  readonly #columns: ReadonlyMap<string, InlineColumn>;
  readonly #canonical: string;

  /** @throws DataError VALUE_INVALID, COLUMN_TYPE (mixed or ragged values), ROWS_MISMATCH */
  constructor(readonly inline: Readonly<Record<string, readonly unknown[]>>) {
    const parsed = Object.entries(inline).map(([name, values]) => parseInlineColumn(name, values));
    this.rows = commonRows(inline);
    this.#columns = new Map(parsed.map((column) => [column.name, column]));
    this.columns = new Map(parsed.map(({ name, type, width }) => [name, { name, type, width }]));
    this.#canonical = canonicalJson(inline);
  }

  cursor(start: number, end: number, reads: readonly ColumnRead[]): Cursor {
    checkReads(this.columns, reads, 'inline');
    return new InlineCursor(
      reads.map((read) => this.#columns.get(read.column) as InlineColumn),
      start,
      end,
    );
  }

  sources(): Source[] {
    const bytes = Buffer.byteLength(this.#canonical);
    const fingerprint = `sha256:${createHash('sha256').update(this.#canonical).digest('hex')}`;
    return [{ uri: 'inline', columns: [...this.columns.keys()], start: 0, rows: this.rows, bytes, fingerprint }];
  }
}

function commonRows(inline: Readonly<Record<string, readonly unknown[]>>): number {
  const [first, ...rest] = Object.entries(inline);
  if (!first)
    throw new DataError('VALUE_INVALID', 'The inline table has no columns. Give at least one.', { source: 'inline' });
  for (const [name, values] of rest) {
    if (values.length === first[1].length) continue;
    throw new DataError(
      'ROWS_MISMATCH',
      `Inline column ${JSON.stringify(first[0])} has ${first[1].length} rows and ${JSON.stringify(name)} has ${values.length}. All columns need as many.`,
      { source: 'inline', column: name },
    );
  }
  return first[1].length;
}

/** JSON with sorted column names and the numbers that JSON cannot hold as text: equal for equal tables. */
function canonicalJson(inline: Readonly<Record<string, readonly unknown[]>>): string {
  const names = Object.keys(inline).sort(compareText);
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(portable(inline[name]))}`).join(',')}}`;
}

/** Replaces NaN and infinities, which JSON.stringify would turn into null, by their names. */
export function portable(values: readonly unknown[]): unknown[] {
  return values.map((value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    return Array.isArray(value) ? portable(value) : value;
  });
}

class InlineCursor implements Cursor {
  readonly bytesRead = 0;
  readonly #columns: readonly InlineColumn[];
  readonly #end: number;
  #row: number;

  constructor(columns: readonly InlineColumn[], start: number, end: number) {
    this.#columns = columns;
    this.#row = start;
    this.#end = end;
  }

  fill(rows: number, buffers: readonly ColumnBuffer[]): void {
    if (rows > this.#end - this.#row) throw new RangeError(`${rows} rows asked for, ${this.#end - this.#row} remain`);
    this.#columns.forEach((column, index) => {
      const buffer = buffers[index];
      if (buffer.as === 'text') fillText(column, this.#row, rows, buffer);
      else fillNumbers(column, this.#row, rows, buffer);
    });
    this.#row += rows;
  }

  close(): void {}
}

function fillNumbers(column: InlineColumn, row: number, rows: number, buffer: Exclude<ColumnBuffer, TextBuffer>): void {
  const width = column.width ?? 1;
  buffer.values.set(column.numbers.subarray(row * width, (row + rows) * width));
  const present = column.present.subarray(row, row + rows);
  buffer.missing = present.reduce((missing, one) => missing + 1 - one, 0);
  if (buffer.missing > 0) buffer.present.set(present);
}

function fillText(column: InlineColumn, row: number, rows: number, buffer: TextBuffer): void {
  for (let index = 0; index < rows; index++) {
    const at = row + index;
    const text = column.texts ? column.texts[at] : numberText(column.numbers[at], column.type);
    buffer.codes[index] = column.present[at] ? buffer.dictionary.code(text) : -1;
  }
}
