/**
 * A binary tree over canonical block indices, of which only the maximal complete nodes are kept. Node (level, index) covers blocks
 * [index * 2^level, (index + 1) * 2^level) and is always merge(left child, right child), so its bits do not depend on how the blocks
 * were cut into shards or in which order those finished.
 */
export interface TreeNode<T> {
  level: number;
  index: number;
  value: T;
}

interface Placed<T> extends TreeNode<T> {
  /** First block it covers. */
  start: number;
}

/** As index % 2 === 0, which is slow for numbers that may be beyond 2^31; so are powers. */
const isEven = (index: number): boolean => index / 2 === Math.floor(index / 2);

export class FoldTree<T> {
  readonly #merge: (left: T, right: T) => T;
  #nodes: Placed<T>[] = [];

  /** `merge` may reuse and must own `left`; nodes given to the tree belong to it. */
  constructor(merge: (left: T, right: T) => T) {
    this.#merge = merge;
  }

  /** The maximal complete nodes, by first block. */
  get nodes(): readonly TreeNode<T>[] {
    return this.#nodes;
  }

  /** Adds a node that covers no block twice. Appending in ascending order is cheapest. */
  add(level: number, index: number, value: T): void {
    let start = index;
    for (let up = level; up > 0; up--) start *= 2;
    const node: Placed<T> = { level, index, value, start };
    let at = this.#nodes.length;
    while (at > 0 && this.#nodes[at - 1].start > start) at--;
    if (at === this.#nodes.length) this.#nodes.push(node);
    else this.#nodes.splice(at, 0, node);
    this.#unite(at);
  }

  /** Takes over the nodes of another tree, which must not be used again. */
  absorb(other: FoldTree<T>): void {
    for (const node of other.#nodes) this.add(node.level, node.index, node.value);
    other.#nodes = [];
  }

  /** Folds what is left from the first block to the last; undefined when empty. The tree must not be used again. */
  fold(): T | undefined {
    let folded: T | undefined;
    for (const { value } of this.#nodes) folded = folded === undefined ? value : this.#merge(folded, value);
    return folded;
  }

  #unite(at: number): void {
    for (;;) {
      const node = this.#nodes[at];
      const left = isEven(node.index) ? at : at - 1;
      const a = this.#nodes[left];
      const b = this.#nodes[left + 1];
      if (!a || !b || a.level !== b.level || b.index !== a.index + 1 || !isEven(a.index)) return;
      const united = { level: a.level + 1, index: a.index / 2, value: this.#merge(a.value, b.value), start: a.start };
      this.#nodes[left] = united;
      this.#nodes.splice(left + 1, 1);
      at = left;
    }
  }
}
