import { setImmediate } from 'node:timers/promises';

/** Turns of a long loop between two breaths: 16 MB of text, well below a tenth of a second. */
const TURNS = 64;

/** Lets a long loop give way to signals, timers and other tasks of its thread from time to time, and end when it is aborted. */
export class Breath {
  #turns = 0;

  constructor(private readonly signal?: AbortSignal) {}

  async take(): Promise<void> {
    this.#turns++;
    if (this.#turns % TURNS !== 0) return;
    await setImmediate();
    this.signal?.throwIfAborted();
  }
}
