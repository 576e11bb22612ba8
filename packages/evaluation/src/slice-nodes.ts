import { mergeMoments, NODE } from '@lossmill/statistics';

/** Moments of the groups of one slice set: NODE numbers a loss for each group, groups by ascending id. */
export interface SliceNodes {
  ids: Int32Array;
  /** Group k, loss l: node at (k * losses + l) * NODE. */
  nodes: Float64Array;
}

/** left merged with right, group by group. A group absent on one side has no rows there: merging it changes nothing. */
export function mergeSliceNodes(left: SliceNodes, right: SliceNodes): SliceNodes {
  if (right.ids.length === 0) return left;
  if (left.ids.length === 0) return right;
  const width = left.nodes.length / left.ids.length;
  const size = unionSize(left.ids, right.ids);
  const same = size === left.ids.length;
  const merged = same ? left : { ids: new Int32Array(size), nodes: new Float64Array(size * width) };
  for (let k = 0, a = 0, b = 0; k < size; k++) {
    const fromLeft = a < left.ids.length && (b >= right.ids.length || left.ids[a] <= right.ids[b]);
    const fromRight = b < right.ids.length && (a >= left.ids.length || right.ids[b] <= left.ids[a]);
    if (fromLeft && !same) copyNodes(left.nodes, a * width, merged.nodes, k * width, width);
    if (fromRight && fromLeft) {
      for (let at = 0; at < width; at += NODE) mergeMoments(merged.nodes, k * width + at, right.nodes, b * width + at);
    } else if (fromRight) copyNodes(right.nodes, b * width, merged.nodes, k * width, width);
    merged.ids[k] = fromLeft ? left.ids[a] : right.ids[b];
    if (fromLeft) a++;
    if (fromRight) b++;
  }
  return merged;
}

/** The same groups under other ids: `ids[old]` is the new one. */
export function renumber({ ids, nodes }: SliceNodes, to: Int32Array): SliceNodes {
  const width = ids.length === 0 ? 0 : nodes.length / ids.length;
  const order = Array.from(ids, (_, k) => k).sort((a, b) => to[ids[a]] - to[ids[b]]);
  const renumbered = { ids: new Int32Array(ids.length), nodes: new Float64Array(nodes.length) };
  order.forEach((from, k) => {
    renumbered.ids[k] = to[ids[from]];
    copyNodes(nodes, from * width, renumbered.nodes, k * width, width);
  });
  return renumbered;
}

function copyNodes(from: Float64Array, at: number, to: Float64Array, toAt: number, count: number): void {
  for (let i = 0; i < count; i++) to[toAt + i] = from[at + i];
}

function unionSize(a: Int32Array, b: Int32Array): number {
  let size = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length; size++) {
    if (j >= b.length || a[i] < b[j]) i++;
    else if (i >= a.length || b[j] < a[i]) j++;
    else {
      i++;
      j++;
    }
  }
  return size;
}
