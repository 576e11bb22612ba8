/** Where row losses and gradients go, if they were asked for. Rows come from several shards in any order, each row once. */
export interface Outputs {
  /** Row losses of rows [start, start + values.length): NaN for ignored and bad rows. */
  losses?(loss: number, start: number, values: Float64Array): void;
  /** d(sum of weight * loss)/d(prediction) of rows from `start`, row-major: 0 for ignored and bad rows. */
  gradient?(loss: number, start: number, values: Float32Array | Float64Array): void;
}

/** "huber", or "huber-2" for the second huber of a spec. */
export function outputNames(losses: readonly { name: string }[]): string[] {
  const seen = new Map<string, number>();
  return losses.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  });
}
