import type { Cursor, Dataset } from '@lossmill/dataset';
import type { Kernels } from '@lossmill/kernels';
import { RowBatch } from './batch.js';
import { bindLosses } from './bind.js';
import { Chunk } from './chunk.js';
import { ClassIndex } from './class-index.js';
import { ClusterStep } from './cluster-step.js';
import { Dequantizer } from './dequantizer.js';
import { ElementStep } from './element-step.js';
import { GradientSums } from './gradient-sums.js';
import { gradientTotals } from './gradient-totals.js';
import { HitsStep } from './hits-step.js';
import { LossStep, type Rows, type TargetPlace } from './loss-step.js';
import { OrderedBatch } from './ordered-batch.js';
import { OutputStep } from './output-step.js';
import type { Outputs } from './outputs.js';
import { type LossTotals, Partial } from './partial.js';
import { BLOCK, type Plan, type Shard } from './plan.js';
import type { ResolvedSpec } from './resolve.js';
import { Selector } from './selection.js';
import { SliceStep } from './slice-step.js';
import { Workspace } from './workspace.js';

/** Asked between chunks: throws to stop; a promise is awaited. */
export type Checkpoint = (rowsDone: number) => void | Promise<void>;

/** Turns shards into partials. One per thread: it owns a kernel instance and buffers for one chunk of rows. */
export class ShardRunner {
  bytesRead = 0;
  readonly #spec: ResolvedSpec;
  readonly #dataset: Dataset;
  readonly #chunk: Chunk;
  readonly #space: Workspace;
  readonly #batch: RowBatch;
  readonly #ordered: OrderedBatch;
  readonly #selector: Selector;
  readonly #index: ClassIndex | null;
  readonly #dequantizer: Dequantizer | null;
  readonly #labels: { pointer: number; view: Float32Array | Float64Array } | null;
  readonly #steps: LossStep[];
  readonly #slices: SliceStep[];
  readonly #clusters: ClusterStep | null;
  readonly #hits: HitsStep | null;
  readonly #output: OutputStep | null;
  /** Per loss; null where no gradient is wanted. */
  readonly #gradients: readonly GradientSums[] | null;

  constructor(plan: Plan, dataset: Dataset, kernels: Kernels, outputs: Outputs = {}) {
    const { spec } = plan;
    const losses = bindLosses(plan);
    const wantsGradient = spec.gradient !== 'none';
    this.#spec = spec;
    this.#dataset = dataset;
    const chunk = new Chunk(plan, kernels);
    const needsIndex = spec.target === 'index' || (spec.targetText && spec.family !== 'labels');
    this.#index = needsIndex ? new ClassIndex(spec, losses[0].ignoreIndex, kernels, chunk) : null;
    this.#labels =
      spec.targetText && spec.family === 'binary'
        ? { pointer: kernels.memory.allocate(chunk.capacity * 8), view: new Float64Array() }
        : null;
    this.#dequantizer = spec.quantization ? new Dequantizer(spec.quantization, kernels, chunk) : null;
    this.#space = new Workspace(kernels, chunk, losses, wantsGradient, spec);
    this.#gradients = this.#gradientSums(kernels, chunk.prediction.width);
    this.#chunk = chunk;
    chunk.attach(kernels);
    this.#index?.attach(kernels);
    this.#dequantizer?.attach();
    this.#space.attach(chunk, losses, wantsGradient);
    for (const sums of this.#gradients ?? []) sums.attach();
    if (this.#labels)
      this.#labels.view =
        spec.type === 'f32'
          ? kernels.memory.f32(this.#labels.pointer, chunk.capacity)
          : kernels.memory.f64(this.#labels.pointer, chunk.capacity);
    const target = this.#targetPlace();
    this.#batch = new RowBatch(this.#space.rows);
    this.#ordered = new OrderedBatch(this.#space, losses.length);
    this.#selector = new Selector(spec, losses, kernels, chunk, this.#index);
    const elements = this.#space.elements && new ElementStep(kernels, chunk, this.#space, this.#space.elements, spec);
    this.#steps = losses.map((loss, i) => new LossStep(loss, i, kernels, chunk, target, this.#space, elements));
    this.#slices = spec.slices.map((columns, i) => new SliceStep(i, columns, chunk, losses.length, this.#space.rows));
    this.#clusters = spec.clusters ? new ClusterStep(plan, chunk, losses.length, this.#space.rows) : null;
    const decides = (spec.family === 'binary' && !elements) || spec.family === 'classes';
    this.#hits = decides ? new HitsStep(spec, kernels, chunk, target, this.#space) : null;
    this.#output =
      wantsGradient || outputs.losses ? new OutputStep(kernels, chunk, this.#space, outputs, this.#gradients) : null;
  }

  /** A partial for `run`: its group ids are this runner's. */
  partial(): Partial {
    return new Partial(
      this.#spec,
      this.#groupSteps.map(({ keys }) => keys),
    );
  }

  get #groupSteps(): (SliceStep | ClusterStep)[] {
    return this.#clusters ? [...this.#slices, this.#clusters] : this.#slices;
  }

  /** Adds one shard to a partial of this runner. */
  async run(shard: Shard, partial: Partial, checkpoint?: Checkpoint): Promise<void> {
    const cursor = await this.#dataset.cursor(shard.start, shard.end, this.#chunk.reads);
    try {
      for (let start = shard.start; start < shard.end; ) {
        const rows = Math.min(this.#chunk.capacity, shard.end - start);
        this.#add(rows, start, partial, await this.#read(cursor, rows, start, partial));
        start += rows;
        const pause = checkpoint?.(rows);
        if (pause) await pause;
      }
      for (const { index } of this.#steps) this.#drain(index, partial.losses[index]);
    } finally {
      this.bytesRead += cursor.bytesRead;
      await cursor.close();
    }
  }

  #drain(index: number, totals: LossTotals): void {
    this.#space.drain(index, totals.sum, totals.weight);
    this.#space.elements?.drain(index, totals.outputs);
    if (totals.gradient) this.#gradients?.[index].drain(totals.gradient);
  }

  #gradientSums(kernels: Kernels, width: number): GradientSums[] | null {
    const { losses, gradient } = this.#spec;
    if (gradient === 'none') return null;
    return losses.flatMap((_, i) => {
      const shape = gradientTotals(this.#spec, i);
      return shape ? [new GradientSums(kernels, this.#space, shape, width)] : [];
    });
  }

  /** Reads a chunk, in strips where its rows are wide; returns the rows' status, null when all are COUNTED. */
  async #read(cursor: Cursor, rows: number, start: number, partial: Partial): Promise<Uint8Array | null> {
    const chunk = this.#chunk;
    let status: Uint8Array | null = null;
    for (let from = 0; from < rows; from += chunk.strip) {
      const strip = { from, rows: Math.min(chunk.strip, rows - from) };
      const filled = cursor.fill(strip.rows, chunk.buffersFor(strip.rows, from));
      if (filled) await filled;
      chunk.interleave(strip.rows);
      this.#dequantizer?.run(strip.rows);
      status = this.#selector.select(strip.rows, start, partial.bad);
      if (chunk.isStriped) this.#keep(strip, start + from, status, partial);
    }
    return status;
  }

  /** What is computed of wide rows while they are there. */
  #keep(strip: Rows, start: number, status: Uint8Array | null, partial: Partial): void {
    for (const step of this.#steps) {
      step.keep(strip);
      this.#output?.keep(step, strip, start, status, partial.losses[step.index]);
    }
    this.#hits?.keep(strip);
  }

  #add(rows: number, start: number, partial: Partial, status: Uint8Array | null): void {
    partial.rowsRead += rows;
    if (this.#labels && this.#index) this.#labels.view.set(this.#index.indices.subarray(0, rows));
    for (let from = 0; from < rows; from += this.#space.rows) {
      this.#batch.set(from, Math.min(this.#space.rows, rows - from), start + from, status);
      this.#addBatch(status, partial);
    }
  }

  #addBatch(status: Uint8Array | null, partial: Partial): void {
    const batch = this.#batch;
    const ordered = this.#ordered;
    partial.rowsIgnored += batch.ignored;
    ordered.clear(this.#groupSteps.map((groups) => groups.group(batch)));
    for (const step of this.#steps) {
      const totals = partial.losses[step.index];
      const entered = step.run(batch, totals);
      for (const slices of this.#slices) slices.run(batch, step.index, totals, entered);
      this.#clusters?.run(batch, step.index, entered);
      this.#output?.run(step, batch, status, entered, totals);
    }
    this.#hits?.run(batch, partial.hits);
    ordered.emit(partial.ordered, batch.start / BLOCK, batch.blocks);
  }

  #targetPlace(): TargetPlace {
    const { type, target } = this.#chunk;
    const size = type === 'f32' ? 4 : 8;
    if (this.#labels) return { pointer: this.#labels.pointer, bytesPerRow: size, indices: null, striped: false };
    if (this.#index)
      return { pointer: this.#index.pointer, bytesPerRow: 4, indices: this.#index.indices, striped: false };
    const { pointer, width, striped } = target ?? { pointer: 0, width: 1, striped: false };
    return { pointer, bytesPerRow: size * width, indices: null, striped };
  }
}
