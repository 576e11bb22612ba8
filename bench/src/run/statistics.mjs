// The few statistics a benchmark table needs.

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median and range of a[i] / b[i]: both were measured in round i. */
export function ratio(a, b) {
  const each = a.map((value, i) => value / b[i]);
  return { median: median(each), min: Math.min(...each), max: Math.max(...each) };
}
