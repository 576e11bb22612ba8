import { DataError } from '../errors.js';
import type { LocalFile } from '../storage/file.js';

/** One file inside a zip archive. */
export interface ZipMember {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  /** Where its (compressed) content starts in the archive. */
  readonly offset: number;
}

const signatures = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
};
const sizes = { local: 30, central: 46, end: 22, end64: 56, locator64: 20 };
const overflow32 = 0xffffffff;

interface Directory {
  entries: number;
  bytes: number;
  offset: number;
}

/**
 * Reads the central directory (zip64 too) and every local header. Sizes come from the central directory, so members written
 * with data descriptors need nothing more.
 * @throws DataError FILE_CORRUPT, UNSUPPORTED (encryption, other compression methods)
 */
export function readZipMembers(source: LocalFile, total: number, uri: string): ZipMember[] {
  const zip = new ZipReader(source, total, uri);
  return zip.members();
}

class ZipReader {
  readonly #source: LocalFile;
  readonly #total: number;
  readonly #uri: string;

  constructor(source: LocalFile, total: number, uri: string) {
    this.#source = source;
    this.#total = total;
    this.#uri = uri;
  }

  members(): ZipMember[] {
    const directory = this.#directory();
    const view = this.#view(directory.offset, directory.bytes, 'the central directory');
    const members: ZipMember[] = [];
    let at = 0;
    for (let index = 0; index < directory.entries; index++) {
      const { member, next } = this.#entry(view, at, index);
      members.push(member);
      at = next;
    }
    return members;
  }

  #directory(): Directory {
    if (this.#total === 0) throw this.#corrupt('it is empty (0 bytes)');
    const tail = Math.min(this.#total, sizes.end + 65535);
    const start = this.#total - tail;
    const view = this.#view(start, tail, 'the end of the archive');
    for (let at = tail - sizes.end; at >= 0; at--) {
      if (view.getUint32(at, true) !== signatures.end) continue;
      if (at + sizes.end + view.getUint16(at + 20, true) !== tail) continue;
      return this.#endRecord(view, at, start + at);
    }
    throw this.#corrupt('it has no end-of-directory record: it is cut off or no zip archive');
  }

  #endRecord(view: DataView, at: number, position: number): Directory {
    const directory = {
      entries: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    const needs64 = directory.entries === 0xffff || directory.bytes === overflow32 || directory.offset === overflow32;
    const found = needs64 ? this.#endRecord64(position) : null;
    return found ?? directory;
  }

  /** Null without a zip64 locator: a directory of exactly 65535 entries needs none. */
  #endRecord64(position: number): Directory | null {
    const at = position - sizes.locator64;
    if (at < 0) return null;
    const locator = this.#view(at, sizes.locator64, 'the zip64 locator');
    if (locator.getUint32(0, true) !== signatures.locator64) return null;
    const record = this.#view(this.#large(locator, 8), sizes.end64, 'the zip64 end-of-directory record');
    if (record.getUint32(0, true) !== signatures.end64)
      throw this.#corrupt('its zip64 end-of-directory record has no signature');
    return { entries: this.#large(record, 32), bytes: this.#large(record, 40), offset: this.#large(record, 48) };
  }

  #entry(view: DataView, at: number, index: number): { member: ZipMember; next: number } {
    const what = `entry ${index} of the central directory`;
    if (at + sizes.central > view.byteLength) throw this.#corrupt(`${what} is cut off`);
    if (view.getUint32(at, true) !== signatures.central) throw this.#corrupt(`${what} has no signature`);
    const nameEnd = at + sizes.central + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > view.byteLength) throw this.#corrupt(`${what} is cut off`);
    const name = Buffer.from(view.buffer, view.byteOffset + at + sizes.central, nameEnd - at - sizes.central).toString(
      'utf8',
    );
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    this.#refuse(name, flags, method);
    const large = this.#largeSizes(view, at, nameEnd, extraEnd);
    const crc = view.getUint32(at + 16, true);
    const offset = this.#contentOffset(large.offset, name, large.compressedBytes);
    const { bytes, compressedBytes } = large;
    if (method === 0 && bytes !== compressedBytes) throw this.#corrupt(`${name} is stored, but its two sizes differ`);
    return { member: { name, deflated: method === 8, crc, compressedBytes, bytes, offset }, next };
  }

  #refuse(name: string, flags: number, method: number): void {
    const why = flags & 0x41 ? 'encrypted' : method !== 0 && method !== 8 ? `compressed by method ${method}` : null;
    if (!why) return;
    throw new DataError(
      'UNSUPPORTED',
      `${this.#uri}: member ${name} is ${why}; stored and deflated members can be read. Save it again with numpy.savez or numpy.savez_compressed.`,
      { source: this.#uri },
    );
  }

  /** The sizes and offset of an entry, those that overflow 32 bits taken from its zip64 extra field. */
  #largeSizes(view: DataView, at: number, extraStart: number, extraEnd: number) {
    const values = {
      bytes: view.getUint32(at + 24, true),
      compressedBytes: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    };
    const extra = findExtra(view, extraStart, extraEnd);
    let field = extra.start;
    for (const key of ['bytes', 'compressedBytes', 'offset'] as const) {
      if (values[key] !== overflow32 || field + 8 > extra.end) continue;
      values[key] = this.#large(view, field);
      field += 8;
    }
    return values;
  }

  #contentOffset(headerOffset: number, name: string, compressedBytes: number): number {
    const what = `the local header of ${name}`;
    const view = this.#view(headerOffset, sizes.local, what);
    if (view.getUint32(0, true) !== signatures.local) throw this.#corrupt(`${what} has no signature`);
    const offset = headerOffset + sizes.local + view.getUint16(26, true) + view.getUint16(28, true);
    if (offset + compressedBytes > this.#total) {
      throw this.#corrupt(
        `${name} should end at byte ${offset + compressedBytes}, but the file ends at byte ${this.#total}`,
      );
    }
    return offset;
  }

  #view(position: number, length: number, what: string): DataView {
    if (position + length > this.#total) {
      throw this.#corrupt(`${what} should end at byte ${position + length}, but the file ends at byte ${this.#total}`);
    }
    const bytes = this.#source.read(position, length);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #large(view: DataView, at: number): number {
    const value = view.getBigUint64(at, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw this.#corrupt(`a 64-bit size or offset is impossible (${value})`);
    return Number(value);
  }

  #corrupt(what: string): DataError {
    return new DataError('FILE_CORRUPT', `${this.#uri} cannot be read as .npz (a zip archive): ${what}.`, {
      source: this.#uri,
    });
  }
}

/** The zip64 extra field (id 1) of an entry, empty if there is none. */
function findExtra(view: DataView, from: number, to: number): { start: number; end: number } {
  for (let at = from; at + 4 <= to; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1 && end <= to) return { start: at + 4, end };
    at = end;
  }
  return { start: 0, end: 0 };
}
