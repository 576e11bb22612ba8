const FIELDS = 10;

/** Least and greatest value of block records: both NaN if any is; Infinity and -Infinity where no record has rows. */
export function moments_range_f64(records: Float64Array, blocks: number, out: Float64Array): void {
  out[0] = Number.POSITIVE_INFINITY;
  out[1] = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < blocks * FIELDS; at += FIELDS) {
    if (records[at] === 0) continue;
    out[0] = Math.min(out[0], records[at + 8]);
    out[1] = Math.max(out[1], records[at + 9]);
  }
}
