import type { Numbers } from './scan-f64.js';

/** What a target is: a class index (-1: skip the row), or a row of probabilities per row. */
export type Target = Int32Array | Numbers;

/** What the target of row i puts on class k: a_k = w_k ((1 - s) q_k + s / C); a class index y puts q = 1 on y. */
export class Mass {
  readonly #target: Target;
  readonly #weights: Float64Array | null;
  readonly #C: number;
  readonly keep: number;
  readonly share: number;

  constructor(target: Target, weights: Float64Array | null, C: number, labelSmoothing: number) {
    this.#target = target;
    this.#weights = weights;
    this.#C = C;
    this.keep = 1 - labelSmoothing;
    this.share = labelSmoothing / C;
  }

  /** The class index of row i, undefined with probability targets. */
  index(i: number): number | undefined {
    return this.#target instanceof Int32Array ? this.#target[i] : undefined;
  }

  weight(k: number): number {
    return this.#weights === null ? 1 : this.#weights[k];
  }

  /** a_k. */
  of(i: number, k: number): number {
    const y = this.index(i);
    const own = y === undefined ? this.keep * this.#target[i * this.#C + k] : k === y ? this.keep : 0;
    return (own + this.share) * this.weight(k);
  }

  /** a_k without what a class index puts on its own class. */
  spread(i: number, k: number): number {
    return this.index(i) === undefined ? this.of(i, k) : this.share * this.weight(k);
  }
}
