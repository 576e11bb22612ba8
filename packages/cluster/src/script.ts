import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A Lua script that Redis runs as one step. */
export class Script {
  readonly #sha: string;

  constructor(readonly text: string) {
    this.#sha = createHash('sha1').update(text).digest('hex');
  }

  /** @throws ReplyError */
  run(redis: Redis, keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<unknown> {
    return this.#known(
      () => redis.evalsha(this.#sha, keys.length, ...keys, ...args),
      () => redis.eval(this.text, keys.length, ...keys, ...args),
    );
  }

  /**
   * The same with texts as bytes.
   * @throws ReplyError
   */
  runForBytes(redis: Redis, keys: readonly string[]): Promise<unknown> {
    return this.#known(
      () => redis.callBuffer('EVALSHA', this.#sha, keys.length, ...keys),
      () => redis.callBuffer('EVAL', this.text, keys.length, ...keys),
    );
  }

  async #known(bySha: () => Promise<unknown>, byText: () => Promise<unknown>): Promise<unknown> {
    try {
      return await bySha();
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return byText();
    }
  }
}
