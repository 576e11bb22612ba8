import type { Buffer, ColumnRead, Dictionary, NumberBuffer, TextBuffer } from '@lossmill/dataset';
import { createDictionary } from '@lossmill/dataset';
import type { Kernels } from '@lossmill/kernels';
import { LabelNames } from './label-names.js';
import { outputsOf } from './multi-output.js';
import { BLOCK, bytesPerRow, type Plan } from './plan.js';
import { groupColumns } from './resolve.js';
import { stripRows } from './strips.js';

const CHUNK_BYTES = 1024 * 1024;
const MOST_ROWS = 65_536;

type Floats = Float32Array | Float64Array;

/** A whole number of blocks, about a megabyte of columns: what one read brings in. */
function chunkRows(plan: Plan): number {
  const rows = Math.floor(CHUNK_BYTES / bytesPerRow(plan.spec, plan.handle.description) / BLOCK) * BLOCK;
  return Math.min(MOST_ROWS, Math.max(BLOCK, rows), Math.max(BLOCK, Math.ceil(plan.rows / BLOCK) * BLOCK));
}

/** One part of a row as the kernels want it: `width` numbers, from one list column or from several columns. */
interface Part {
  pointer: number;
  width: number;
  /** Only the rows of one strip are there; else all of the chunk. */
  striped: boolean;
  view: Floats;
  buffers: NumberBuffer[];
}

/** Of buffers that lie in kernel memory, whose byte offsets are the kernels' pointers. */
const widenIn =
  ({ exports }: Kernels): NumberBuffer['widen'] =>
  (type, source, count, target) =>
    exports[`widen_${type}_f32`](source, count, target);

/** The columns of one chunk of rows, in kernel memory where kernels read them. */
export class Chunk {
  readonly capacity: number;
  /** Rows of a fill; fewer than `capacity` where a block of wide rows would take much memory: it is then a block, filled in strips. */
  readonly strip: number;
  /** First row of the chunk that the last fill brought. */
  base = 0;
  readonly type: 'f32' | 'f64';
  readonly prediction: Part;
  /** Absent where the target is text. */
  readonly target: Part | null;
  readonly targetText: TextBuffer | null;
  readonly variance: Part | null;
  readonly weight: Part | null;
  /** One per distinct group-by column. */
  readonly groups: Map<string, TextBuffer>;
  readonly reads: ColumnRead[] = [];
  readonly #buffers: Buffer[] = [];
  /** Text buffers and their codes of the whole chunk. */
  readonly #texts: [TextBuffer, Int32Array][] = [];
  /** Where predictions and targets are class names. */
  readonly #names: LabelNames | null;

  constructor(plan: Plan, kernels: Kernels) {
    const { spec } = plan;
    this.capacity = chunkRows(plan);
    this.strip = stripRows(spec, this.capacity);
    this.type = spec.type;
    const width = spec.target === 'real' || spec.target === 'index' ? Math.max(1, outputsOf(spec)) : spec.classes;
    const named = spec.targetText && spec.family === 'labels';
    this.#names = named ? new LabelNames() : null;
    this.prediction = named
      ? this.#labels(kernels, spec.columns.prediction[0])
      : this.#part(kernels, spec.columns.prediction, spec.classes, spec.type, this.isStriped);
    this.targetText = spec.targetText && !named ? this.#text(spec.columns.target[0]) : null;
    if (named) this.target = this.#labels(kernels, spec.columns.target[0]);
    else if (spec.targetText) this.target = null;
    // A class index is read as float64, which holds every index exactly.
    else
      this.target = this.#part(
        kernels,
        spec.columns.target,
        width,
        spec.target === 'index' ? 'f64' : spec.type,
        this.isStriped && width > 1,
      );
    const { variance } = spec.columns;
    this.variance = variance === null ? null : this.#part(kernels, variance, Math.max(1, outputsOf(spec)), spec.type);
    this.weight = spec.columns.weight === null ? null : this.#part(kernels, [spec.columns.weight], 1, 'f64');
    this.groups = new Map(groupColumns(spec).map((name) => [name, this.#text(name)]));
  }

  get #parts(): Part[] {
    return [this.prediction, this.target, this.variance, this.weight].filter((part) => part !== null);
  }

  get isStriped(): boolean {
    return this.strip < this.capacity;
  }

  /** Where row `row` of the chunk lies. */
  pointer({ pointer, width, view, striped }: Part, row: number): number {
    return pointer + (striped ? row - this.base : row) * width * view.BYTES_PER_ELEMENT;
  }

  /** The index of its first number in the part's view. */
  index({ width, striped }: Part, row: number): number {
    return (striped ? row - this.base : row) * width;
  }

  /** Takes the views anew: kernel memory may have grown since. Call once, after all allocations. */
  attach(kernels: Kernels): void {
    for (const part of this.#parts) {
      const length = this.#room(part.striped) * part.width;
      const is32 = part.view instanceof Float32Array;
      part.view = is32 ? kernels.memory.f32(part.pointer, length) : kernels.memory.f64(part.pointer, length);
    }
  }

  /** Buffers for a fill of rows [base, base + rows), in the order of `reads`. */
  buffersFor(rows: number, base = 0): Buffer[] {
    this.base = base;
    for (const part of this.#parts) {
      const from = this.index(part, base);
      // A single column is read where the kernels want it, without a copy.
      if (part.buffers.length === 1) part.buffers[0].values = part.view.subarray(from, from + rows * part.width);
    }
    this.#texts.forEach(([buffer, codes]) => {
      buffer.codes = codes.subarray(base, base + rows);
    });
    return this.#buffers;
  }

  /** After a fill: brings predictions (or targets, or variances) that came as several columns side by side, and numbers class names. */
  interleave(rows: number): void {
    this.#texts.forEach(([buffer, codes]) => {
      buffer.codes = codes;
    });
    this.#names?.number(rows);
    for (const part of [this.prediction, this.target, this.variance]) {
      if (!part || part.buffers.length === 1) continue;
      const { view, width, buffers } = part;
      buffers.forEach(({ values }, j) => {
        for (let i = 0; i < rows; i++) view[i * width + j] = values[i];
      });
    }
  }

  /** Rows that a part has room for. */
  #room(striped: boolean): number {
    return striped ? this.strip : this.capacity;
  }

  #part(kernels: Kernels, columns: readonly string[], width: number, as: 'f32' | 'f64', striped = false): Part {
    const size = as === 'f32' ? 4 : 8;
    const pointer = kernels.memory.allocate(this.#room(striped) * width * size);
    const make = (length: number): Floats => (as === 'f32' ? new Float32Array(length) : new Float64Array(length));
    const buffers = columns.map((column): NumberBuffer => {
      const values = columns.length === 1 ? make(0) : make(this.strip);
      const widen = columns.length === 1 ? widenIn(kernels) : undefined;
      const buffer = { as, values, present: new Uint8Array(this.strip), missing: 0, widen };
      this.reads.push({ column, as });
      this.#buffers.push(buffer);
      return buffer;
    });
    return { pointer, width, striped, view: make(0), buffers };
  }

  /** Class names, as numbers that are equal where the names are. */
  #labels(kernels: Kernels, column: string): Part {
    const pointer = kernels.memory.allocate(this.capacity * 8);
    const buffer: NumberBuffer = {
      as: 'f64',
      values: new Float64Array(),
      present: new Uint8Array(this.capacity),
      missing: 0,
    };
    this.#names?.add(this.#text(column), buffer);
    return { pointer, width: 1, striped: false, view: new Float64Array(), buffers: [buffer] };
  }

  #text(column: string): TextBuffer {
    const dictionary: Dictionary = createDictionary();
    const buffer: TextBuffer = { as: 'text', codes: new Int32Array(this.capacity), dictionary };
    this.reads.push({ column, as: 'text' });
    this.#buffers.push(buffer);
    this.#texts.push([buffer, buffer.codes]);
    return buffer;
  }
}
