import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipOptions {
  deflate?: boolean;
  /** Sizes and checksum after the content instead of in the local header. */
  descriptor?: boolean;
  /** Sizes and offsets in zip64 extra fields. */
  zip64?: boolean;
  flags?: number;
  method?: number;
  /** A wrong checksum, to be found out. */
  crc?: number;
  comment?: string;
}

/** Bytes of a zip archive of the members, in order. */
export function zipBytes(members: Record<string, Uint8Array>, options: ZipOptions = {}): Buffer {
  const pieces: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const { local, entry } = member(name, content, offset, options);
    pieces.push(local);
    entries.push(entry);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  return Buffer.concat([...pieces, directory, endRecords(entries.length, directory.length, offset, options)]);
}

function member(name: string, content: Uint8Array, offset: number, options: ZipOptions) {
  const { deflate = false, descriptor = false, zip64 = false } = options;
  const body = deflate ? deflateRawSync(content) : Buffer.from(content);
  const crc = options.crc ?? crc32(content);
  const flags = (options.flags ?? 0) | (descriptor ? 8 : 0);
  const method = options.method ?? (deflate ? 8 : 0);
  const title = Buffer.from(name);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(flags, 6);
  head.writeUInt16LE(method, 8);
  if (!descriptor) {
    head.writeUInt32LE(crc, 14);
    head.writeUInt32LE(body.length, 18);
    head.writeUInt32LE(content.length, 22);
  }
  head.writeUInt16LE(title.length, 26);
  const tail = Buffer.alloc(descriptor ? 16 : 0);
  if (descriptor) tail.writeUInt32LE(0x08074b50, 0);
  const extra = zip64 ? extraField([content.length, body.length, offset]) : Buffer.alloc(0);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(flags, 8);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(zip64 ? 0xffffffff : body.length, 20);
  entry.writeUInt32LE(zip64 ? 0xffffffff : content.length, 24);
  entry.writeUInt16LE(title.length, 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt32LE(zip64 ? 0xffffffff : offset, 42);
  return { local: Buffer.concat([head, title, body, tail]), entry: Buffer.concat([entry, title, extra]) };
}

function extraField(values: number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, index) => {
    extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  });
  return extra;
}

function endRecords(
  entries: number,
  bytes: number,
  offset: number,
  { zip64 = false, comment = '' }: ZipOptions,
): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(zip64 ? 0xffff : entries, 10);
  end.writeUInt32LE(zip64 ? 0xffffffff : bytes, 12);
  end.writeUInt32LE(zip64 ? 0xffffffff : offset, 16);
  end.writeUInt16LE(comment.length, 20);
  const large = Buffer.alloc(zip64 ? 56 + 20 : 0);
  if (zip64) {
    large.writeUInt32LE(0x06064b50, 0);
    large.writeBigUInt64LE(BigInt(entries), 32);
    large.writeBigUInt64LE(BigInt(bytes), 40);
    large.writeBigUInt64LE(BigInt(offset), 48);
    large.writeUInt32LE(0x07064b50, 56);
    large.writeBigUInt64LE(BigInt(offset + bytes), 64);
  }
  return Buffer.concat([large, end, Buffer.from(comment)]);
}
