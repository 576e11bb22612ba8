import { DataError } from '../errors.js';
import { type LocalFile, openLocalFile } from '../storage/file.js';
import type { Cursor } from '../types.js';
import { Validity } from './arrow/batch-column.js';
import { Body } from './arrow/body.js';
import { raggedList, readColumn } from './arrow/columns.js';
import { ArrowCursor } from './arrow/cursor.js';
import { InflatedCache } from './arrow/inflated-cache.js';
import type { ArrowLayout } from './arrow/layout.js';
import { type BatchPlace, corruptArrow, indexArrow } from './arrow/messages.js';
import { readOffsets } from './arrow/number-columns.js';
import { type ArrowField, columnTypeOf, planFields } from './arrow/plan.js';
import type { DataFile, DescribedFile, FileColumn, FileDescription, FileRead, Format, Segment } from './format.js';

/**
 * Arrow IPC files and streams, Feather version 2. Row ranges read only the batches and columns they need; uncompressed
 * numbers go straight to the caller. Cursors are synchronous.
 */
export function createArrow(): Format {
  const inflated = new InflatedCache();
  return {
    name: 'arrow',
    textual: false,
    describe,
    open: (file, start, _end, reads) => open(file, start, reads, inflated),
    segments,
    close: () => inflated.clear(),
  };
}

function describe(file: DataFile): FileDescription {
  const source = openLocalFile(file);
  try {
    refuseFeather1(source, file);
    const index = indexArrow(source, file.bytes, file.uri);
    if (index.schema.bigEndian) throw bigEndian(file.uri);
    const fields = planFields(index.schema.fields);
    const layout: ArrowLayout = {
      fields,
      batches: index.batches.filter(({ rows }) => rows > 0),
      dictionaries: index.dictionaries,
      stream: index.stream,
    };
    return {
      columns: describeColumns(source, layout, file.uri),
      rows: index.batches.reduce((sum, { rows }) => sum + rows, 0),
      layout,
    };
  } finally {
    source.close();
  }
}

function open(file: DescribedFile, start: number, reads: readonly FileRead[], inflated: InflatedCache): Cursor {
  const layout = file.layout as ArrowLayout;
  const fields = new Map(layout.fields.map((field) => [field.name, field]));
  const columns = reads.map((read) => readColumn(fields.get(read.column) as ArrowField, read, file.uri));
  return new ArrowCursor(file, layout, start, columns, inflated);
}

const segmentBytes = 32 * 2 ** 20;

/** Whole batches; which of their buffers are needed shows when they are read. */
function segments(file: DescribedFile, start: number, end: number): Segment[] {
  const out: Segment[] = [];
  let row = 0;
  let bytes = 0;
  for (const batch of (file.layout as ArrowLayout).batches) {
    row += batch.rows;
    if (row <= start) continue;
    bytes += batch.bodyBytes;
    if (row < end && bytes < segmentBytes) continue;
    out.push({ end: Math.min(row, end), ranges: [] });
    if (row >= end) break;
    bytes = 0;
  }
  return out;
}

function refuseFeather1(source: LocalFile, file: DataFile): void {
  const head = source.read(0, Math.min(4, file.bytes));
  if (Buffer.from(head).toString('latin1') !== 'FEA1') return;
  throw new DataError(
    'UNSUPPORTED',
    `${file.uri} is a Feather version 1 file, which cannot be read. Write it again as version 2, for example with pyarrow.feather.write_feather(table, path).`,
    { source: file.uri },
  );
}

function bigEndian(uri: string): DataError {
  return new DataError(
    'UNSUPPORTED',
    `${uri} holds big-endian numbers; Arrow files with little-endian numbers can be read.`,
    {
      source: uri,
    },
  );
}

function describeColumns(source: LocalFile, layout: ArrowLayout, uri: string): FileColumn[] {
  const bodies = new Map<BatchPlace, Body>();
  const bodyOf = (place: BatchPlace): Body => {
    const body = bodies.get(place) ?? new Body(source, place);
    bodies.set(place, body);
    return body;
  };
  return layout.fields.map((field) => describeColumn(bodyOf, layout, field, uri));
}

/** Metadata of a batch, read once for all columns. */
type BodyOf = (place: BatchPlace) => Body;

function describeColumn(bodyOf: BodyOf, layout: ArrowLayout, field: ArrowField, uri: string): FileColumn {
  const column = { name: field.name, type: columnTypeOf(field.layout), width: null };
  switch (field.layout.kind) {
    case 'null':
      return { ...column, empty: true };
    case 'fixedList':
      return { ...column, width: field.layout.width };
    case 'list': {
      const width = firstWidth(bodyOf, layout.batches, field, field.layout.offsetBytes, uri);
      return width === null ? { ...column, empty: true } : { ...column, width };
    }
    default:
      return column;
  }
}

const probeRows = 4096;

/** Length of the first list that is there; null if there is none. */
function firstWidth(
  bodyOf: BodyOf,
  batches: readonly BatchPlace[],
  field: ArrowField,
  offsetBytes: 4 | 8,
  uri: string,
): number | null {
  let start = 0;
  for (const batch of batches) {
    const found = widthInBatch(bodyOf, batch, field, offsetBytes, uri);
    if (found?.width === 0) throw raggedList(uri, field.name, start + found.row, 0, 0);
    if (found) return found.width;
    start += batch.rows;
  }
  return null;
}

function widthInBatch(
  bodyOf: BodyOf,
  batch: BatchPlace,
  field: ArrowField,
  offsetBytes: 4 | 8,
  uri: string,
): { row: number; width: number } | null {
  try {
    const body = bodyOf(batch);
    const validity = new Validity(body.nulls(field), body.region(field, 0));
    for (let row = 0; row < batch.rows; row += probeRows) {
      const present = new Uint8Array(Math.min(probeRows, batch.rows - row));
      if (validity.read(row, present) === 0) present.fill(1);
      const first = present.indexOf(1);
      if (first < 0) continue;
      const [from, to] = readOffsets(body.region(field, 1), offsetBytes, row + first, 2);
      return { row: row + first, width: to - from };
    }
    return null;
  } catch (error) {
    throw error instanceof RangeError ? corruptArrow(uri, error.message) : error;
  }
}
