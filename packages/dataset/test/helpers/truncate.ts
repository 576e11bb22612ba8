import { DataError } from '../../src/errors.js';

/**
 * Runs `read` for every proper prefix of `content` and returns what every prefix gave: "DataError CODE", or the value it read.
 * Anything else that is thrown is thrown on.
 */
export async function readEveryPrefix(
  content: Uint8Array,
  read: (prefix: Uint8Array) => Promise<unknown>,
): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for (let length = 0; length < content.length; length++) {
    try {
      outcomes.push(await read(content.subarray(0, length)));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      outcomes.push(`DataError ${error.code}`);
    }
  }
  return outcomes;
}
