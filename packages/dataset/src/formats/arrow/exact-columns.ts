import { numberText } from '../../number-text.js';
import type { BatchColumn, Target, Validity } from './batch-column.js';
import type { Region } from './body.js';
import { momentText } from './moment.js';
import type { ArrowKind } from './plan.js';

/** Passes the little-endian two's complement integers [from, from + count) of a region on. */
function eachInteger(
  region: Region,
  bytes: number,
  from: number,
  count: number,
  use: (value: bigint, at: number) => void,
): void {
  const content = Buffer.alloc(count * bytes);
  region.readInto(content, from * bytes);
  for (let at = 0; at < count; at++) use(integerAt(content, at * bytes, bytes), at);
}

function integerAt(content: Buffer, at: number, bytes: number): bigint {
  if (bytes === 4) return BigInt(content.readInt32LE(at));
  let value = content.readBigInt64LE(at + bytes - 8);
  for (let word = bytes - 16; word >= 0; word -= 8) value = (value << 64n) + content.readBigUInt64LE(at + word);
  return value;
}

/** Decimal numbers, each rounded once to float64. */
export class DecimalColumn implements BatchColumn {
  constructor(
    readonly validity: Validity,
    readonly values: Region,
    readonly layout: Extract<ArrowKind, { kind: 'decimal' }>,
  ) {}

  read(row: number, rows: number, { numbers, codes, dictionary, present }: Target): number {
    const { bytes, scale } = this.layout;
    eachInteger(this.values, bytes, row, rows, (integer, at) => {
      // Decimal text is the one correctly rounded way from a scaled integer to float64.
      const value = Number(`${integer}e${-scale}`);
      if (numbers) numbers[at] = value;
      if (codes && dictionary) codes[at] = dictionary.code(numberText(value, 'f64'));
    });
    return this.validity.read(row, present);
  }
}

/** Dates and timestamps, as text. */
export class MomentColumn implements BatchColumn {
  readonly #texts = new Map<bigint, string>();

  constructor(
    readonly validity: Validity,
    readonly values: Region,
    readonly layout: Extract<ArrowKind, { kind: 'moment' }>,
  ) {}

  read(row: number, rows: number, { codes, dictionary, present }: Target): number {
    const missing = this.validity.read(row, present);
    if (!codes || !dictionary) return missing;
    eachInteger(this.values, this.layout.type === 'i32' ? 4 : 8, row, rows, (count, at) => {
      if (missing === 0 || present[at] === 1) codes[at] = dictionary.code(this.#text(count));
    });
    return missing;
  }

  #text(count: bigint): string {
    let text = this.#texts.get(count);
    if (text === undefined) {
      text = momentText(count, this.layout.unit, this.layout.shown);
      if (this.#texts.size < rememberedTexts) this.#texts.set(count, text);
    }
    return text;
  }
}

const rememberedTexts = 10_000;
