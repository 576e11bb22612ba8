import type { ByteRange } from './storage.js';

/** A set of bytes as sorted, disjoint, not touching ranges. */
export class ByteRangeSet {
  #ranges: [number, number][] = [];

  get bytes(): number {
    return this.#ranges.reduce((sum, [start, end]) => sum + end - start, 0);
  }

  add([start, end]: ByteRange): void {
    if (start >= end) return;
    const before = this.#ranges.filter((range) => range[1] < start);
    const after = this.#ranges.filter((range) => range[0] > end);
    const touching = this.#ranges.slice(before.length, this.#ranges.length - after.length);
    const merged: [number, number] = [
      Math.min(start, touching[0]?.[0] ?? start),
      Math.max(end, touching.at(-1)?.[1] ?? end),
    ];
    this.#ranges = [...before, merged, ...after];
  }

  /** The parts of the range that are not in the set, in order. */
  missing([start, end]: ByteRange): ByteRange[] {
    const out: ByteRange[] = [];
    let at = start;
    for (const [from, to] of this.#ranges) {
      if (to <= at) continue;
      if (from >= end) break;
      if (from > at) out.push([at, from]);
      at = Math.max(at, to);
    }
    if (at < end) out.push([at, end]);
    return out;
  }

  clear(): void {
    this.#ranges = [];
  }
}

/** Sorted, with what overlaps or is less than `gap` bytes apart made one. */
export function coalesce(ranges: readonly ByteRange[], gap: number): ByteRange[] {
  const out: [number, number][] = [];
  for (const [start, end] of [...ranges].filter((range) => range[0] < range[1]).sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && start - last[1] <= gap) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
}

/** The ranges cut into pieces of at most `most` bytes. */
export function cut(ranges: readonly ByteRange[], most: number): ByteRange[] {
  return ranges.flatMap(([start, end]) =>
    Array.from(
      { length: Math.ceil((end - start) / most) },
      (_, index): ByteRange => [start + index * most, Math.min(end, start + (index + 1) * most)],
    ),
  );
}
