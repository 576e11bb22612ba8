import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line to a port of this machine that may be slow or go dead without closing. */
export class Line {
  #frozen = false;
  #pairs = new Set();

  constructor(port, delayMs) {
    this.delayMs = delayMs;
    this.server = createServer((near) => this.#join(near, connect(port, '127.0.0.1')));
    this.server.unref();
  }

  async url() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `redis://127.0.0.1:${this.server.address().port}`;
  }

  #join(near, far) {
    const pair = { near, far };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      let before = Promise.resolve();
      from.unref();
      from.on('error', () => {});
      from.on('data', (bytes) => {
        const late = this.delayMs > 0 ? sleep(this.delayMs) : undefined;
        before = before.then(() => late).then(() => !this.#frozen && !pair.dead && to.write(bytes));
      });
      from.on('close', () => {
        this.#pairs.delete(pair);
        if (!pair.dead) to.destroy();
      });
    }
  }

  /** From now on nothing comes through, and nobody is told. */
  freeze() {
    this.#frozen = true;
    for (const pair of this.#pairs) pair.dead = true;
  }

  /** New connections come through; those of before stay dead. */
  thaw() {
    this.#frozen = false;
  }
}
