import type { Control } from './control.js';
import type { RunOptions } from './types.js';

/** Rows are counted on for this long after the first bad row, so that the error can say how many are alike. */
const COUNT_ON_MS = 2000;
const TICK_MS = 100;

/** Turns the control's state into progress calls, the abort signal into a hard stop, bad rows into a soft one. */
export class Watch {
  #badSince: number | null = null;
  #last = Date.now();

  constructor(
    private readonly control: Control,
    private readonly rowsTotal: number,
    private readonly threads: number,
    private readonly options: RunOptions,
  ) {}

  /** Looks now, if it is time. */
  tick(force = false): void {
    const now = Date.now();
    if (!force && now - this.#last < TICK_MS) return;
    this.#last = now;
    if (this.options.signal?.aborted) this.control.stop('hard');
    if (this.control.sawBadRows) this.#badSince ??= now;
    if (this.#badSince !== null && now - this.#badSince > COUNT_ON_MS) this.control.stop('soft');
    this.options.onProgress?.({
      rowsDone: this.control.rows,
      rowsTotal: this.rowsTotal,
      bytes: this.control.bytes,
      threads: this.threads,
      phase: 'evaluating',
    });
  }

  /** Between chunks of work in this thread: a look and, when one was due, a turn of the event loop for signals and messages. */
  breathe(): void | Promise<void> {
    const before = this.#last;
    this.tick();
    if (this.#last !== before) return new Promise((resolve) => setImmediate(resolve));
  }

  /** Looks on while this thread waits for others. Returns the way to stop looking. */
  start(): () => void {
    const timer = setInterval(() => this.tick(true), TICK_MS);
    const abort = () => this.tick(true);
    this.options.signal?.addEventListener('abort', abort);
    return () => {
      clearInterval(timer);
      this.options.signal?.removeEventListener('abort', abort);
    };
  }
}
