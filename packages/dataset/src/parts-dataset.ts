import { distinctValues } from './distinct.js';
import type { Part } from './part.js';
import { PartsCursor } from './parts-cursor.js';
import { checkReads } from './schema.js';
import type { Column, ColumnRead, Cursor, Dataset, DatasetHandle, Description } from './types.js';

/** A dataset made of parts that cover the same rows. */
export class PartsDataset implements Dataset {
  readonly description: Description;
  readonly handle: DatasetHandle;
  readonly #parts: readonly Part[];
  readonly #columns = new Map<string, Column>();
  readonly #partOf = new Map<string, Part>();

  constructor(parts: readonly Part[], handle: DatasetHandle) {
    this.#parts = parts;
    this.handle = handle;
    this.description = handle.description;
    for (const part of parts) {
      for (const [name, column] of part.columns) {
        this.#columns.set(name, column);
        this.#partOf.set(name, part);
      }
    }
  }

  cursor(start: number, end: number, columns: readonly ColumnRead[]): Cursor {
    const { rows, sources } = this.description;
    if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end <= rows)) {
      throw new RangeError(`Rows [${start}, ${end}) are not a range of the ${rows} rows of this dataset`);
    }
    const source = this.#parts.length === 1 ? sources[0].uri : 'The dataset';
    checkReads(this.#columns, columns, source, (name) => this.#partOf.get(name)?.whyText?.(name));
    const places = new Map<Part, number[]>();
    columns.forEach((read, index) => {
      const part = this.#partOf.get(read.column) as Part;
      places.set(part, [...(places.get(part) ?? []), index]);
    });
    const placed = [...places].map(([part, indices]) => ({
      cursor: part.cursor(
        start,
        end,
        indices.map((index) => columns[index]),
      ),
      places: indices,
    }));
    return placed.length === 1 ? placed[0].cursor : new PartsCursor(placed);
  }

  async distinct(column: string, limit: number): Promise<string[] | null> {
    const read: ColumnRead = { column, as: 'text' };
    checkReads(this.#columns, [read], this.description.sources[0].uri);
    const part = this.#partOf.get(column) as Part;
    if (part.distinct) return part.distinct(read, limit);
    const { rows } = this.description;
    const type = (this.#columns.get(column) as Column).type;
    return distinctValues(this.cursor(0, rows, [read]), rows, type, limit);
  }

  async close(): Promise<void> {
    for (const part of this.#parts) await part.close?.();
  }
}
