/** One row that cannot be used, with all that its error message needs. */
export interface BadRow {
  /** Absolute row index. */
  row: number;
  column: string;
  /** The value as text. */
  value: string;
  /** "is not a probability (0 … 1)". */
  words: string;
}

export interface BadReason {
  count: number;
  first: BadRow;
}

/** Bad rows by reason, and the first of each in row order. */
export class BadRows {
  readonly byReason = new Map<string, BadReason>();

  get count(): number {
    let count = 0;
    for (const reason of this.byReason.values()) count += reason.count;
    return count;
  }

  /** The first bad row of all, with its reason; undefined when there is none. */
  get first(): { reason: string; bad: BadRow } | undefined {
    let first: { reason: string; bad: BadRow } | undefined;
    for (const [reason, { first: bad }] of this.byReason) {
      if (!first || bad.row < first.bad.row) first = { reason, bad };
    }
    return first;
  }

  add(reason: string, first: () => BadRow, row: number): void {
    const known = this.byReason.get(reason);
    if (!known) this.byReason.set(reason, { count: 1, first: first() });
    else {
      known.count++;
      if (row < known.first.row) known.first = first();
    }
  }

  merge(other: BadRows): void {
    for (const [reason, theirs] of other.byReason) {
      const own = this.byReason.get(reason);
      if (!own) this.byReason.set(reason, { ...theirs });
      else {
        own.count += theirs.count;
        if (theirs.first.row < own.first.row) own.first = theirs.first;
      }
    }
  }
}
