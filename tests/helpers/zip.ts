import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipOptions {
  deflate?: boolean;
  /** General purpose flags; 1 says encrypted. */
  flags?: number;
  /** Compression method; 0 stored, 8 deflated. */
  method?: number;
  /** A wrong checksum, to be found out. */
  crc?: number;
}

/** Bytes of a zip archive (such as .npz) of the members, in order. */
export function zip(members: Record<string, Uint8Array>, options: ZipOptions = {}): Buffer {
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
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, directory, end]);
}

function member(name: string, content: Uint8Array, offset: number, options: ZipOptions) {
  const body = options.deflate ? deflateRawSync(content) : Buffer.from(content);
  const title = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(options.flags ?? 0, 2);
  common.writeUInt16LE(options.method ?? (options.deflate ? 8 : 0), 4);
  common.writeUInt32LE(options.crc ?? crc32(content), 10);
  common.writeUInt32LE(body.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(title.length, 22);
  const local = Buffer.concat([signature(0x04034b50), common, title, body]);
  const place = Buffer.alloc(14);
  place.writeUInt32LE(offset, 10);
  const entry = Buffer.concat([signature(0x02014b50), Buffer.from([20, 0]), common, place, title]);
  return { local, entry };
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
