import { DataError } from '../../errors.js';
import { type LocalFile, openLocalFile } from '../../storage/file.js';
import type { DataFile } from '../format.js';

/** Bytes read at a time: small enough to stay in a core's cache. */
export const BLOCK = 256 * 1024;
/** A row longer than this is refused: memory stays bounded whatever the file holds. */
const LONGEST_ROW = 64 * 2 ** 20;

/** A sliding view of a text file that always holds whole rows: what is unread moves to the front when more is read. */
export class TextWindow {
  bytes: Buffer;
  /** First unread byte in `bytes`. */
  at = 0;
  /** End of the valid bytes in `bytes`. */
  end = 0;
  /** Position in the file of `bytes[0]`. */
  offset: number;
  readonly #file: DataFile;
  readonly #local: LocalFile;

  constructor(file: DataFile, offset: number) {
    this.#file = file;
    this.offset = offset;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(64, Math.min(BLOCK, file.bytes - offset)));
    this.#local = openLocalFile(file);
  }

  /** Whether `bytes` reach to the end of the file. */
  get last(): boolean {
    return this.offset + this.end >= this.#file.bytes;
  }

  get bytesRead(): number {
    return this.#local.bytesRead;
  }

  /** Reads on; `row` is the row that begins at `at`, for the message when it is too long. */
  more(row: number): void {
    const unread = this.end - this.at;
    if (unread > LONGEST_ROW) throw tooLong(this.#file.uri, row);
    const old = this.bytes;
    if (unread * 2 > old.length) {
      this.bytes = Buffer.allocUnsafeSlow(Math.min(old.length * 4, LONGEST_ROW + 2 * BLOCK));
    }
    old.copy(this.bytes, 0, this.at, this.end);
    this.offset += this.at;
    this.at = 0;
    this.end = unread;
    const wanted = Math.min(this.bytes.length - unread, this.#file.bytes - this.offset - unread);
    if (wanted <= 0) return;
    this.#local.readInto(this.bytes.subarray(unread, unread + wanted), this.offset + unread);
    this.end += wanted;
  }

  close(): void {
    this.#local.close();
  }
}

function tooLong(uri: string, row: number): DataError {
  return new DataError(
    'LIMIT_EXCEEDED',
    `${uri}, row ${rowText(row)}: the row is longer than 64 MiB, the most a row may take. Check for a missing line end or a quote that is never closed; store long vectors as .npy or Parquet.`,
    { source: uri, row },
  );
}

/** A row number for people: 48,211. */
export function rowText(row: number): string {
  return row.toLocaleString('en-US');
}

/** A value for a message: quoted, shortened to 40 characters. */
export function valueText(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
