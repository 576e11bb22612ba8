import type { Run } from './bitmap.js';

/** A set of shards as ascending runs that do not touch: shards are counted nearly in order, so there are few. */
export class RunSet {
  readonly #runs: Run[] = [];
  #count = 0;

  constructor(runs: Iterable<Run> = []) {
    for (const run of runs) this.add(run);
  }

  /** Shards in it. */
  get count(): number {
    return this.#count;
  }

  get runs(): readonly Readonly<Run>[] {
    return this.#runs;
  }

  overlaps({ first, count }: Run): boolean {
    const next = this.#runs[this.#after(first)];
    return next !== undefined && next.first < first + count;
  }

  /** @throws RangeError when it has some of the run already */
  add({ first, count }: Run): void {
    const at = this.#after(first);
    if (this.overlaps({ first, count })) throw new RangeError(`shards ${first} + ${count} are there already`);
    this.#count += count;
    const before = this.#runs[at - 1];
    const next = this.#runs[at];
    const joinsBefore = before !== undefined && before.first + before.count === first;
    const joinsNext = next !== undefined && next.first === first + count;
    const start = joinsBefore ? before.first : first;
    const end = joinsNext ? next.first + next.count : first + count;
    const from = joinsBefore ? at - 1 : at;
    this.#runs.splice(from, at + (joinsNext ? 1 : 0) - from, { first: start, count: end - start });
  }

  /** As Redis numbers bits, without bytes of zeros at the end. */
  toBitmap(): Uint8Array {
    const last = this.#runs.at(-1);
    const bytes = new Uint8Array(last === undefined ? 0 : (last.first + last.count + 7) >> 3);
    for (const { first, count } of this.#runs) {
      const end = first + count;
      let shard = first;
      for (; shard < end && (shard & 7) !== 0; shard++) bytes[shard >> 3] |= 128 >> (shard & 7);
      bytes.fill(255, shard >> 3, Math.max(shard, end) >> 3);
      for (shard = Math.max(shard, end - (end & 7)); shard < end; shard++) bytes[shard >> 3] |= 128 >> (shard & 7);
    }
    return bytes;
  }

  /** Index of the first run that ends behind a shard. */
  #after(shard: number): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { first, count } = this.#runs[middle];
      if (first + count <= shard) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
