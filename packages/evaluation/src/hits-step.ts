import type { Kernels } from '@lossmill/kernels';
import type { RowBatch } from './batch.js';
import type { Chunk } from './chunk.js';
import type { TargetPlace } from './loss-step.js';
import type { Hits } from './partial.js';
import type { ResolvedSpec } from './resolve.js';
import type { Workspace } from './workspace.js';

/** Counts right answers: the class of the greatest prediction (the first of equals) against the target's. */
export class HitsStep {
  readonly #threshold: number;

  constructor(
    private readonly spec: ResolvedSpec,
    private readonly kernels: Kernels,
    private readonly chunk: Chunk,
    private readonly target: TargetPlace,
    private readonly space: Workspace,
  ) {
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
    const { classes, target } = this.spec;
    const { exports } = this.kernels;
    const { type, prediction } = this.chunk;
    const rowBytes = classes * (type === 'f32' ? 4 : 8);
    exports[`argmax_${type}`](
      prediction.pointer + batch.from * rowBytes,
      batch.rows,
      classes,
      this.space.pointers.hits,
    );
    const decided = target === 'probabilities' ? this.space.decided.slice(0, batch.rows) : this.space.decided;
    let wanted = this.target.indices;
    let shift = batch.from;
    if (target === 'probabilities') {
      exports[`argmax_${type}`](
        this.target.pointer + batch.from * rowBytes,
        batch.rows,
        classes,
        this.space.pointers.hits,
      );
      wanted = this.space.decided;
      shift = 0;
    }
    if (!wanted) return;
    for (let i = 0; i < batch.counted; i++) {
      const offset = batch.offset(i);
      this.#count(hits, batch, offset, decided[offset] === wanted[shift + offset]);
    }
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
