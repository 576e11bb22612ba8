import { DataError } from '../errors.js';
import { type LocalFile, openLocalFile } from '../storage/file.js';
import type { Buffer as ColumnBuffer, Cursor } from '../types.js';
import { type ArrayBytes, type ArrayReader, createArrayReader } from './array-reader.js';
import { arraySegments } from './array-segments.js';
import type {
  DataFile,
  DescribedFile,
  DescribeFile,
  FileDescription,
  FileRead,
  Format,
  Json,
  Segment,
} from './format.js';
import { InflatedMember } from './inflated-member.js';
import { headerColumn, type NpyHeader, npyHeaderBytes, parseNpyHeader } from './npy-header.js';
import { alignSequences } from './sequences.js';
import { SpooledMembers } from './spooled-member.js';
import { checkStored } from './stored-member.js';
import { readZipMembers, type ZipMember } from './zip.js';

/** Where one column of a .npz file is. */
type NpzColumn = { name: string; member: ZipMember & { [key: string]: Json }; header: NpyHeader };

/**
 * NumPy .npz files: every member NAME.npy is a column. Stored members are read like .npy files (synchronously), their checksums
 * verified when they are described; deflated ones are inflated forward (asynchronously), theirs at the end.
 */
export function createNpz(): Format {
  return new Npz();
}

class Npz implements Format {
  readonly name = 'npz';
  readonly textual = false;
  readonly #parked = new ParkedMembers();
  readonly #spooled = new SpooledMembers();

  async describe(file: DataFile, { signal, columns: read }: DescribeFile = {}): Promise<FileDescription> {
    const source = openLocalFile(file);
    try {
      const members: NpzColumn[] = [];
      for (const member of readZipMembers(source, file.bytes, file.uri)) {
        if (!member.name.endsWith('/')) members.push(await describeMember(source, file, member));
      }
      const columns = aligned(members, file);
      // Of a remote file, rows are fetched when they are wanted: never all of it before.
      const checked = file.remote ? [] : columns.filter(({ name }) => read === undefined || read.includes(name));
      for (const { member } of checked) if (!member.deflated) await checkStored(source, file.uri, member, signal);
      return {
        columns: columns.map(({ name, header }) => headerColumn(name, header)),
        rows: commonRows(file, columns),
        layout: columns,
      };
    } finally {
      source.close();
    }
  }

  async open(file: DescribedFile, start: number, end: number, reads: readonly FileRead[]): Promise<Cursor> {
    const columns = new Map((file.layout as NpzColumn[]).map((column) => [column.name, column]));
    const cursor = new NpzCursor(file, this.#parked);
    try {
      for (const read of reads) {
        const column = columns.get(read.column) as NpzColumn;
        await cursor.add(column, start, end, read, this.#spooled);
      }
    } catch (error) {
      await cursor.close();
      throw error;
    }
    return cursor;
  }

  /** Stored members by rows, deflated ones whole: there is no way into their middle. */
  segments(file: DescribedFile, start: number, end: number, reads: readonly FileRead[]): Segment[] {
    const names = new Set(reads.map(({ column }) => column));
    const columns = (file.layout as NpzColumn[]).filter(({ name }) => names.has(name));
    const stored = columns.filter(({ member }) => !member.deflated);
    const deflated = columns.filter(({ member }) => member.deflated);
    return arraySegments(
      stored.map(({ header, member }) => ({ header, offset: member.offset })),
      start,
      end,
      deflated.map(({ member }) => [member.offset, member.offset + member.compressedBytes]),
    );
  }

  async close(): Promise<void> {
    await this.#spooled.close();
    await this.#parked.close();
  }
}

function aligned(columns: readonly NpzColumn[], file: DataFile): NpzColumn[] {
  const headers = alignSequences(
    columns.map(({ header }) => [header]),
    columns.map(({ member }) => `${file.uri}: member ${member.name}`),
  );
  return columns.map((column, index) => ({ ...column, header: headers[index][0] }));
}

async function describeMember(source: LocalFile, file: DataFile, member: ZipMember): Promise<NpzColumn> {
  const title = `${file.uri}: member ${member.name}`;
  if (!member.name.endsWith('.npy')) {
    throw new DataError('UNSUPPORTED', `${title} is no .npy array. A .npz file may hold NAME.npy members only.`, {
      source: file.uri,
    });
  }
  const length = Math.min(member.bytes, npyHeaderBytes);
  const head = member.deflated ? await inflatedHead(source, file, member, length) : source.read(member.offset, length);
  return {
    name: member.name.slice(0, -'.npy'.length),
    member: { ...member },
    header: parseNpyHeader(head, member.bytes, title),
  };
}

async function inflatedHead(source: LocalFile, file: DataFile, member: ZipMember, length: number): Promise<Uint8Array> {
  const inflated = new InflatedMember(source, file.uri, member);
  try {
    const head = new Uint8Array(length);
    await inflated.readInto(head, 0);
    return head;
  } finally {
    await inflated.close();
  }
}

function commonRows(file: DataFile, columns: readonly NpzColumn[]): number {
  const [first, ...rest] = columns;
  if (!first)
    throw new DataError('FILE_CORRUPT', `${file.uri} is a zip archive without members.`, { source: file.uri });
  for (const { name, header } of rest) {
    if (header.rows === first.header.rows) continue;
    throw new DataError(
      'ROWS_MISMATCH',
      `${file.uri} is no table: ${first.name} has ${first.header.rows} rows and ${name} has ${header.rows}. All arrays of a .npz file need as many.`,
      { source: file.uri, column: name },
    );
  }
  return first.header.rows;
}

/** A deflated member in the middle of being inflated, with the file it reads from. */
interface Inflating {
  readonly file: LocalFile;
  readonly content: InflatedMember;
}

/**
 * Members whose cursor is closed but which a later cursor may go on inflating: without it every row range would inflate its
 * member from the start. At most one a member is kept.
 */
class ParkedMembers {
  readonly #parked = new Map<string, Inflating>();

  /** One that stands at or before `position`, or a new one. */
  take(file: DescribedFile, member: ZipMember, position: number): Inflating {
    const key = keyOf(file, member);
    const parked = this.#parked.get(key);
    if (parked && parked.content.position <= position) {
      this.#parked.delete(key);
      return parked;
    }
    const source = openLocalFile(file);
    return { file: source, content: new InflatedMember(source, file.uri, member) };
  }

  async park(file: DescribedFile, member: ZipMember, inflating: Inflating): Promise<void> {
    const key = keyOf(file, member);
    const finished = inflating.content.failed || inflating.content.position >= member.bytes;
    if (!finished && !this.#parked.has(key)) this.#parked.set(key, inflating);
    else await closeInflating(inflating);
  }

  async close(): Promise<void> {
    const all = [...this.#parked.values()];
    this.#parked.clear();
    for (const inflating of all) await closeInflating(inflating);
  }
}

async function closeInflating({ file, content }: Inflating): Promise<void> {
  await content.close();
  file.close();
}

const keyOf = (file: DescribedFile, member: ZipMember): string => `${member.offset} ${file.path}`;

class NpzCursor implements Cursor {
  readonly #file: DescribedFile;
  readonly #parked: ParkedMembers;
  readonly #source: LocalFile;
  readonly #readers: ArrayReader[] = [];
  readonly #inflating: { member: ZipMember; inflating: Inflating; before: number }[] = [];

  constructor(file: DescribedFile, parked: ParkedMembers) {
    this.#file = file;
    this.#parked = parked;
    this.#source = openLocalFile(file);
  }

  async add(column: NpzColumn, start: number, end: number, read: FileRead, spooled: SpooledMembers): Promise<void> {
    const { member, header } = column;
    let bytes: ArrayBytes = this.#source;
    let dataOffset = header.dataOffset;
    if (!member.deflated) dataOffset += member.offset;
    else if (header.fortran) bytes = await spooled.open(this.#file, member);
    else bytes = this.#inflate(column, start);
    this.#readers.push(createArrayReader(bytes, { ...header, dataOffset }, start, end, read));
  }

  #inflate({ member, header }: NpzColumn, start: number): ArrayBytes {
    const elements = header.rows === 0 ? 0 : (member.bytes - header.dataOffset) / header.rows;
    const inflating = this.#parked.take(this.#file, member, header.dataOffset + start * elements);
    this.#inflating.push({ member, inflating, before: inflating.file.bytesRead });
    return inflating.content;
  }

  get bytesRead(): number {
    const inflated = this.#inflating.reduce((sum, { inflating, before }) => sum + inflating.file.bytesRead - before, 0);
    return this.#source.bytesRead + inflated;
  }

  fill(rows: number, buffers: readonly ColumnBuffer[]): void | Promise<void> {
    return this.#fillFrom(0, rows, buffers);
  }

  #fillFrom(from: number, rows: number, buffers: readonly ColumnBuffer[]): void | Promise<void> {
    for (let index = from; index < this.#readers.length; index++) {
      const waiting = this.#readers[index].fill(rows, buffers[index]);
      if (waiting) return waiting.then(() => this.#fillFrom(index + 1, rows, buffers));
    }
  }

  close(): void | Promise<void> {
    this.#source.close();
    if (this.#inflating.length > 0) return this.#park();
  }

  async #park(): Promise<void> {
    for (const { member, inflating } of this.#inflating.splice(0))
      await this.#parked.park(this.#file, member, inflating);
  }
}
