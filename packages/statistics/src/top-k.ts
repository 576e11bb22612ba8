export interface RankedRow {
  loss: number;
  /** Absolute row index in the dataset. */
  row: number;
}

/** NaN first, then by loss from the greatest, then by row: a total order, so the k worst are the same in any order of arrival. */
export function compareRows(a: RankedRow, b: RankedRow): number {
  const nanA = Number.isNaN(a.loss);
  const nanB = Number.isNaN(b.loss);
  if (nanA !== nanB) return nanA ? -1 : 1;
  if (!nanA && a.loss !== b.loss) return a.loss > b.loss ? -1 : 1;
  return a.row - b.row;
}

/** The k worst rows. */
export class TopK {
  readonly #rows: RankedRow[] = [];

  constructor(readonly k: number) {}

  get rows(): readonly RankedRow[] {
    return this.#rows;
  }

  /** Whether rows from `row` on, with this greatest loss (NaN: one has none), may hold a new entry. */
  admits(loss: number, row: number): boolean {
    if (this.k === 0) return false;
    if (this.#rows.length < this.k) return true;
    const last = this.#rows[this.#rows.length - 1];
    if (Number.isNaN(last.loss)) return Number.isNaN(loss) && row < last.row;
    return Number.isNaN(loss) || loss > last.loss || (loss === last.loss && row < last.row);
  }

  add(loss: number, row: number): void {
    const entry = { loss, row };
    const rows = this.#rows;
    if (rows.length >= this.k && (this.k === 0 || compareRows(entry, rows[rows.length - 1]) >= 0)) return;
    let at = rows.length;
    while (at > 0 && compareRows(entry, rows[at - 1]) < 0) at--;
    rows.splice(at, 0, entry);
    if (rows.length > this.k) rows.pop();
  }

  merge(other: TopK): void {
    for (const { loss, row } of other.#rows) this.add(loss, row);
  }
}
