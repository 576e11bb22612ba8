import type { Buffer as ColumnBuffer, Cursor } from './types.js';

/** One part's cursor and which of the dataset cursor's buffers it fills. */
export interface PlacedCursor {
  readonly cursor: Cursor;
  readonly places: readonly number[];
}

/** Reads columns that come from different parts over the same rows. */
export class PartsCursor implements Cursor {
  readonly #parts: readonly PlacedCursor[];

  constructor(parts: readonly PlacedCursor[]) {
    this.#parts = parts;
  }

  get bytesRead(): number {
    return this.#parts.reduce((sum, { cursor }) => sum + cursor.bytesRead, 0);
  }

  fill(rows: number, buffers: readonly ColumnBuffer[]): void | Promise<void> {
    return this.#each(0, ({ cursor, places }) =>
      cursor.fill(
        rows,
        places.map((place) => buffers[place]),
      ),
    );
  }

  close(): void | Promise<void> {
    return this.#each(0, ({ cursor }) => cursor.close());
  }

  #each(from: number, act: (part: PlacedCursor) => void | Promise<void>): void | Promise<void> {
    for (let index = from; index < this.#parts.length; index++) {
      const waiting = act(this.#parts[index]);
      if (waiting) return waiting.then(() => this.#each(index + 1, act));
    }
  }
}
