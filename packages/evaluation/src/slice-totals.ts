import { ExactSum } from '@lossmill/exact-sum';

/** Order-free sums of one loss in one slice. */
export class SliceTotal {
  count = 0;
  readonly sum = new ExactSum();
  readonly weight = new ExactSum();
}

/** The slices of one slice set, by key: the JSON list of the group-by columns' texts (null: missing). */
export class SliceTotals {
  readonly byKey = new Map<string, SliceTotal>();

  get(key: string): SliceTotal {
    let total = this.byKey.get(key);
    if (!total) {
      total = new SliceTotal();
      this.byKey.set(key, total);
    }
    return total;
  }

  merge(other: SliceTotals): void {
    for (const [key, theirs] of other.byKey) {
      const own = this.byKey.get(key);
      if (!own) {
        this.byKey.set(key, theirs);
        continue;
      }
      own.count += theirs.count;
      own.sum.merge(theirs.sum);
      own.weight.merge(theirs.weight);
    }
  }
}
