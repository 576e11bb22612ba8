import type { Region } from './body.js';

/**
 * Decompressed buffers of the record batch that was read last, kept between cursors: consecutive row ranges of one batch
 * then decompress it once. Holds at most one batch.
 */
export class InflatedCache {
  #key = '';
  #regions = new Map<number, Region>();

  /** The buffers of a batch by their number; those of any other batch are dropped. */
  of(path: string, batch: number): Map<number, Region> {
    const key = `${batch} ${path}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#regions = new Map();
    }
    return this.#regions;
  }

  clear(): void {
    this.#key = '';
    this.#regions = new Map();
  }
}
