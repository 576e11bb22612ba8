import { type ColumnChunk, type FileMetaData, parquetMetadata } from 'hyparquet';
import { DataError } from '../errors.js';
import { openLocalFile } from '../storage/file.js';
import type { ByteRange } from '../storage/storage.js';
import type { DataFile, Fetch, Segment } from './format.js';

const TAIL = 8;
/** Row groups are fetched together up to this. */
const SEGMENT = 32 * 2 ** 20;
/** Most footers take no more, so that one request brings footer and length. */
const GUESS = 64 * 1024;

/** Fetches the signature, the footer and its length; what is no Parquet file is left to those who read it. */
export async function fetchFooter(file: DataFile, fetch: Fetch): Promise<void> {
  await fetch([
    [0, 16],
    [Math.max(0, file.bytes - GUESS), file.bytes],
  ]);
  const length = footerLength(file);
  if (length > 0) await fetch([[file.bytes - TAIL - length, file.bytes]]);
}

/** 0 if the file does not end like Parquet. */
function footerLength(file: DataFile): number {
  if (file.bytes < TAIL + 4) return 0;
  const source = openLocalFile(file);
  try {
    const tail = Buffer.from(source.read(file.bytes - TAIL, TAIL));
    const length = tail.readUInt32LE(0);
    return tail.toString('latin1', 4) === 'PAR1' && length + TAIL + 4 <= file.bytes ? length : 0;
  } finally {
    source.close();
  }
}

function readFooter(file: DataFile): FileMetaData {
  const length = footerLength(file);
  const source = openLocalFile(file);
  try {
    const bytes = source.read(file.bytes - TAIL - length, length + TAIL);
    return parquetMetadata(bytes.buffer as ArrayBuffer, { geoparquet: false });
  } catch (error) {
    if (error instanceof DataError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(
      'FILE_CORRUPT',
      `${file.uri}: its Parquet footer cannot be read (${why}), so the file is damaged. Write or copy it again.`,
      { source: file.uri },
    );
  } finally {
    source.close();
  }
}

/** Rows [start, end) of columns, named as the file spells them at the top level. */
export interface ParquetRows {
  readonly start: number;
  readonly end: number;
  readonly columns: ReadonlySet<string>;
  /** Rows are counted off from the first: the row groups before are needed too. */
  readonly counted: boolean;
}

/** The column chunks of the rows, row groups of about 32 MiB together. */
export function parquetSegments(file: DataFile, { start, end, columns, counted }: ParquetRows): Segment[] {
  const segments: Segment[] = [];
  let ranges: ByteRange[] = [];
  let bytes = 0;
  let row = 0;
  for (const group of readFooter(file).row_groups) {
    row += Number(group.num_rows);
    if (row <= start && !counted) continue;
    for (const range of group.columns.flatMap((chunk) => chunkRange(chunk, columns))) {
      ranges.push(range);
      bytes += range[1] - range[0];
    }
    if (row <= start || (row < end && bytes < SEGMENT)) continue;
    segments.push({ end: Math.min(row, end), ranges: [...ranges] });
    if (row >= end) break;
    if (!counted) ranges = [];
    bytes = 0;
  }
  return segments;
}

function chunkRange({ meta_data }: ColumnChunk, columns: ReadonlySet<string>): ByteRange[] {
  if (!meta_data || !columns.has(meta_data.path_in_schema[0])) return [];
  const offsets = [meta_data.dictionary_page_offset, meta_data.data_page_offset, meta_data.index_page_offset]
    .filter((offset) => offset !== undefined)
    .map(Number)
    .filter((offset) => offset >= 4);
  const first = Math.min(...offsets);
  return [[first, first + Number(meta_data.total_compressed_size)]];
}
