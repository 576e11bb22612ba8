import { BLOCK } from './plan.js';
import { COUNTED, IGNORED, WEIGHTLESS } from './row-status.js';

/** Rows [from, from + rows) of a chunk; `start` is the absolute index of the first; it lies on a block's edge. */
export class RowBatch {
  from = 0;
  rows = 0;
  start = 0;
  /** Rows that enter the sums. */
  counted = 0;
  /** Rows that count but have no weight; `idle` holds their offsets. */
  weightless = 0;
  ignored = 0;
  /** All rows are COUNTED: `included` is not written then. */
  whole = true;
  /** Offsets within the batch of the rows that enter the sums. */
  readonly included: Int32Array;
  readonly idle: Int32Array;
  /** included[edges[b]] is block b's first such row. */
  readonly edges: Int32Array;

  constructor(capacity: number) {
    this.included = new Int32Array(capacity);
    this.idle = new Int32Array(capacity);
    this.edges = new Int32Array(capacity / BLOCK + 1);
  }

  get blocks(): number {
    return Math.ceil(this.rows / BLOCK);
  }

  /** Offset within the batch of the i-th row that enters the sums. */
  offset(i: number): number {
    return this.whole ? i : this.included[i];
  }

  set(from: number, rows: number, start: number, status: Uint8Array | null): void {
    this.from = from;
    this.rows = rows;
    this.start = start;
    this.whole = status === null;
    this.weightless = 0;
    this.ignored = 0;
    this.counted = status === null ? rows : this.#sort(status);
    if (status === null) {
      const { blocks, edges } = this;
      for (let b = 0; b < blocks; b++) edges[b] = b * BLOCK;
      edges[blocks] = rows;
    }
  }

  #sort(status: Uint8Array): number {
    let counted = 0;
    for (let i = 0; i < this.rows; i++) {
      if (i % BLOCK === 0) this.edges[i / BLOCK] = counted;
      const kind = status[this.from + i];
      if (kind === COUNTED) this.included[counted++] = i;
      else if (kind === WEIGHTLESS) this.idle[this.weightless++] = i;
      else if (kind === IGNORED) this.ignored++;
    }
    this.edges[this.blocks] = counted;
    return counted;
  }
}
