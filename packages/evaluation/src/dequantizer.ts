import type { Kernels } from '@lossmill/kernels';
import type { Chunk } from './chunk.js';
import type { Quantization } from './quantization.js';

/** Tables of fewer values would have the kernel spend its time on their ends. */
const LEAST_PERIOD = 256;

/** Turns the stored predictions of a chunk into the numbers they stand for, in place. */
export class Dequantizer {
  readonly #quantization: Quantization;
  readonly #kernels: Kernels;
  readonly #chunk: Chunk;
  readonly #period: number;
  readonly #zero: number;
  readonly #scale: number;

  constructor(quantization: Quantization, kernels: Kernels, chunk: Chunk) {
    const { width } = chunk.prediction;
    this.#quantization = quantization;
    this.#kernels = kernels;
    this.#chunk = chunk;
    this.#period = width * Math.ceil(LEAST_PERIOD / width);
    const bytes = this.#period * (chunk.type === 'f32' ? 4 : 8);
    this.#zero = kernels.memory.allocate(bytes);
    this.#scale = kernels.memory.allocate(bytes);
  }

  /** Fills the tables; after all allocations of the thread. */
  attach(): void {
    this.#table(this.#zero, this.#quantization.zeroPoint);
    this.#table(this.#scale, this.#quantization.scale);
  }

  run(rows: number): void {
    const { prediction, type } = this.#chunk;
    this.#kernels.exports[`dequantize_${type}`](
      prediction.pointer,
      rows * prediction.width,
      this.#zero,
      this.#scale,
      this.#period,
    );
  }

  #table(pointer: number, values: readonly number[]): void {
    const { memory } = this.#kernels;
    const period = this.#period;
    const table = this.#chunk.type === 'f32' ? memory.f32(pointer, period) : memory.f64(pointer, period);
    for (let i = 0; i < period; i++) table[i] = values[i % values.length];
  }
}
