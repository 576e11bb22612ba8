/** A run of consecutive shards. */
export interface Run {
  first: number;
  count: number;
}

/** Bit `index` as Redis numbers them: the highest bit of the first byte is 0. Bits past the end are 0. */
export const bitAt = (bytes: Uint8Array, index: number): boolean =>
  ((bytes[index >> 3] ?? 0) & (128 >> (index & 7))) !== 0;

/** The shards in [from, to) that `has` does not have, as runs of at most `longest`, ascending. */
export function* runsWithout(
  has: (shard: number) => boolean,
  from: number,
  to: number,
  longest = Number.POSITIVE_INFINITY,
): Generator<Run> {
  let first = -1;
  for (let shard = from; shard <= to; shard++) {
    const out = shard === to || has(shard);
    if (first >= 0 && (out || shard - first >= longest)) {
      yield { first, count: shard - first };
      first = -1;
    }
    if (!out && first < 0) first = shard;
  }
}
