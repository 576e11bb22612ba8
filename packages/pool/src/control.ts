const NEXT = 0;
const STOP = 1;
const BAD_ROWS = 2;
const WORDS = 4;

/** How threads and their starter talk without messages: a shared shard counter, a stop sign, progress. */
export class Control {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #progress: BigInt64Array;

  constructor(buffer = new SharedArrayBuffer(WORDS * 4 + 16)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, WORDS);
    this.#progress = new BigInt64Array(buffer, WORDS * 4, 2);
  }

  /** The next shard nobody has taken; shards are handed out in ascending order, so all below a taken one are taken. */
  takeShard(): number {
    return Atomics.add(this.#words, NEXT, 1);
  }

  /** soft: finish the shards begun, begin no more. hard: stop at the next chunk. */
  stop(how: 'soft' | 'hard'): void {
    const level = how === 'soft' ? 1 : 2;
    if (Atomics.load(this.#words, STOP) < level) Atomics.store(this.#words, STOP, level);
  }

  get softStopped(): boolean {
    return Atomics.load(this.#words, STOP) >= 1;
  }

  get hardStopped(): boolean {
    return Atomics.load(this.#words, STOP) >= 2;
  }

  markBadRows(): void {
    Atomics.store(this.#words, BAD_ROWS, 1);
  }

  get sawBadRows(): boolean {
    return Atomics.load(this.#words, BAD_ROWS) !== 0;
  }

  addRows(rows: number): void {
    Atomics.add(this.#progress, 0, BigInt(rows));
  }

  addBytes(bytes: number): void {
    Atomics.add(this.#progress, 1, BigInt(bytes));
  }

  get rows(): number {
    return Number(Atomics.load(this.#progress, 0));
  }

  get bytes(): number {
    return Number(Atomics.load(this.#progress, 1));
  }
}
