import { NODE } from '@lossmill/statistics';
import { momentColumns } from './multi-output.js';
import type { Ordered } from './ordered.js';
import type { ResolvedSpec } from './resolve.js';

/** No block lies beyond: 2^53 rows. */
const MOST_LEVEL = 45;

/** A count or a row. Throws RangeError for what is none: bytes from elsewhere are not taken on trust. */
export function whole(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`has ${value} where a count belongs`);
}

/** The size of something. Throws RangeError for a number below 0. */
export function size(value: number): number {
  if (value < 0) throw new RangeError(`has ${value} where a size belongs`);
  return value;
}

/** Checks that a node begins at or after block `free` and lies in what a dataset can have; returns the block after it. */
export function checkNode(level: number, index: number, free: number): number {
  const size = 2 ** Math.min(level, MOST_LEVEL + 1);
  const start = whole(index) * size;
  if (level > MOST_LEVEL || start < free || start + size > 2 ** MOST_LEVEL)
    throw new RangeError(`has a node of level ${level} at ${index}, where none can be`);
  return start + size;
}

/** Checks that a node's value has the shape that the spec gives it, and names only groups that the partial has. */
export function checkOrdered(
  { moments, elements, slices }: Ordered,
  spec: ResolvedSpec,
  keys: readonly (readonly string[])[],
): void {
  const perGroup = spec.losses.length * NODE;
  const wrong = (what: string, found: number) => new RangeError(`has a node with ${found} ${what}`);
  if (moments.length !== perGroup) throw wrong('moments', moments.length);
  if (elements.length !== momentColumns(spec) * NODE) throw wrong('moments of outputs', elements.length);
  for (const [set, { ids, nodes }] of slices.entries()) {
    if (nodes.length !== ids.length * perGroup) throw wrong('moments of groups', nodes.length);
    let least = 0;
    for (const id of ids) {
      if (!(id >= least && id < keys[set].length)) throw new RangeError(`has a group ${id} out of its place`);
      least = id + 1;
    }
  }
}
