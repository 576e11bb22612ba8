import type { Kernels } from '@lossmill/kernels';
import type { RowBatch } from './batch.js';
import type { Chunk } from './chunk.js';
import type { Rows, TargetPlace } from './loss-step.js';
import type { Hits } from './partial.js';
import type { ResolvedSpec } from './resolve.js';
import type { Workspace } from './workspace.js';

/** Counts right answers: the class of the greatest prediction (the first of equals) against the target's. */
export class HitsStep {
  readonly #threshold: number;
  /** Classes of the greatest predictions, where those of the targets are looked for too. */
  readonly #decided: Int32Array;

  constructor(
    private readonly spec: ResolvedSpec,
    private readonly kernels: Kernels,
    private readonly chunk: Chunk,
    private readonly target: TargetPlace,
    private readonly space: Workspace,
  ) {
    this.#decided = new Int32Array(spec.target === 'probabilities' ? space.rows : 0);
    this.#threshold = spec.input === 'probabilities' ? 0.5 : 0;
  }

  run(batch: RowBatch, hits: Hits): void {
    if (this.spec.family === 'binary') this.#binary(batch, hits);
    else this.#classes(batch, hits);
  }

  #binary(batch: RowBatch, hits: Hits): void {
    const prediction = this.chunk.prediction.view;
    const size = this.chunk.type === 'f32' ? 4 : 8;
    const { memory } = this.kernels;
    const pointer = this.target.pointer + batch.from * size;
    const target = size === 4 ? memory.f32(pointer, batch.rows) : memory.f64(pointer, batch.rows);
    for (let i = 0; i < batch.counted; i++) {
      const offset = batch.offset(i);
      const label = target[offset];
      if (label !== 0 && Math.abs(label) !== 1) hits.soft++;
      else this.#count(hits, batch, offset, prediction[batch.from + offset] > this.#threshold === (label === 1));
    }
  }

  #classes(batch: RowBatch, hits: Hits): void {
    if (!this.chunk.isStriped) this.#decide(batch, 0);
    const soft = this.spec.target === 'probabilities';
    const decided = soft ? this.#decided : this.space.decided;
    const wanted = soft ? this.space.decided : this.target.indices;
    const shift = soft ? 0 : batch.from;
    if (!wanted) return;
    for (let i = 0; i < batch.counted; i++) {
      const offset = batch.offset(i);
      this.#count(hits, batch, offset, decided[offset] === wanted[shift + offset]);
    }
  }

  /** Decides on the rows of a strip, whose chunk is one batch. */
  keep(strip: Rows): void {
    if (this.spec.family === 'classes') this.#decide(strip, strip.from);
  }

  /** Finds the greatest predictions (and targets) of rows, and keeps their classes from place `to` on. */
  #decide({ from, rows }: Rows, to: number): void {
    const { decided, pointers } = this.space;
    const { prediction, target, type } = this.chunk;
    const argmax = (part: Chunk['prediction']): void =>
      this.kernels.exports[`argmax_${type}`](
        this.chunk.pointer(part, from),
        rows,
        this.spec.classes,
        pointers.hits + 4 * to,
      );
    argmax(prediction);
    if (this.spec.target !== 'probabilities' || !target) return;
    this.#decided.set(decided.subarray(to, to + rows), to);
    argmax(target);
  }

  #count(hits: Hits, batch: RowBatch, offset: number, right: boolean): void {
    hits.rows++;
    if (right) hits.right++;
    const { weight } = this.chunk;
    if (!weight) return;
    const w = weight.view[batch.from + offset];
    hits.weight.add(w);
    hits.squared.addProduct(w, w);
    if (right) {
      hits.rightWeight.add(w);
      hits.rightSquared.addProduct(w, w);
    }
  }
}
