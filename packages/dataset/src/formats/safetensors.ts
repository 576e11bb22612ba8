import { DataError } from '../errors.js';
import { openLocalFile } from '../storage/file.js';
import type { Cursor } from '../types.js';
import { ArrayCursor } from './array-cursor.js';
import { createArrayReader } from './array-reader.js';
import { arraySegments } from './array-segments.js';
import type { DataFile, DescribedFile, DescribeFile, FileDescription, FileRead, Format, Segment } from './format.js';
import { arrayShape, headerColumn, type NpyHeader } from './npy-header.js';
import { readTensors, type Tensor } from './safetensors-header.js';
import { alignSequences } from './sequences.js';

/** Where one column of a safetensors file is. */
type TensorColumn = { name: string; header: NpyHeader };

/**
 * Safetensors files (https://huggingface.co/docs/safetensors): every tensor is a column, its leading axis (of three dimensions the
 * leading two) the rows. Cursors are
 * synchronous.
 */
export function createSafetensors(): Format {
  return { name: 'safetensors', textual: false, describe, open, segments };
}

function describe(file: DataFile, { columns: wanted }: DescribeFile = {}): FileDescription {
  const source = openLocalFile(file);
  try {
    const columns = chooseColumns(readTensors(source, file), wanted, file);
    return {
      columns: columns.map(({ name, header }) => headerColumn(name, header)),
      rows: columns[0].header.rows,
      layout: columns,
    };
  } finally {
    source.close();
  }
}

function open(file: DescribedFile, start: number, end: number, reads: readonly FileRead[]): Cursor {
  const headers = new Map((file.layout as TensorColumn[]).map(({ name, header }) => [name, header]));
  const source = openLocalFile(file);
  return new ArrayCursor(
    source,
    reads.map((read) => createArrayReader(source, headers.get(read.column) as NpyHeader, start, end, read)),
  );
}

function segments(file: DescribedFile, start: number, end: number, reads: readonly FileRead[]): Segment[] {
  const names = new Set(reads.map(({ column }) => column));
  const columns = (file.layout as TensorColumn[]).filter(({ name }) => names.has(name));
  return arraySegments(
    columns.map(({ header }) => ({ header, offset: 0 })),
    start,
    end,
  );
}

/**
 * The tensors that are columns: the wanted ones, and where one of them is not there all that are as long, to choose from. A file
 * of a model's outputs may hold others, of any length and type.
 */
function chooseColumns(
  tensors: readonly Tensor[],
  wanted: readonly string[] | undefined,
  file: DataFile,
): TensorColumn[] {
  const named = new Set(wanted);
  const used = columnsOf(
    tensors.filter(({ name }) => named.has(name)),
    file,
  );
  refuseDifferentRows(used, file);
  if (used.length > 0 && used.length === named.size) return used;
  const readable = columnsOf(tensors.filter(isReadable), file);
  if (wanted === undefined) refuseDifferentRows(readable, file);
  const first = used[0] ?? readable[0];
  if (!first) {
    throw new DataError('UNSUPPORTED', `${file.uri} holds no tensor that can be read: ${describeAll(tensors)}.`, {
      source: file.uri,
    });
  }
  return readable.filter(({ header }) => header.rows === first.header.rows);
}

function describeAll(tensors: readonly Tensor[]): string {
  if (tensors.length === 0) return 'it is empty';
  const shown = tensors.slice(0, 10).map(({ name, dtype, shape }) => `${name} (${dtype}, [${shape.join(', ')}])`);
  return `it has ${shown.join(', ')}${tensors.length > 10 ? ', …' : ''}`;
}

/** Whether a tensor that nobody asked for can be a column. */
function isReadable({ type, shape, name }: Tensor): boolean {
  if (type === null) return false;
  try {
    arrayShape(shape, name);
    return true;
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  }
}

function columnsOf(tensors: readonly Tensor[], file: DataFile): TensorColumn[] {
  const columns = tensors.map((tensor) => columnOf(tensor, file));
  const headers = alignSequences(
    columns.map(({ header }) => [header]),
    columns.map(({ name }) => `${file.uri}: tensor ${JSON.stringify(name)}`),
  );
  return columns.map(({ name }, index) => ({ name, header: headers[index][0] }));
}

function columnOf({ name, dtype, type, shape, start }: Tensor, file: DataFile): TensorColumn {
  const title = `${file.uri}: tensor ${JSON.stringify(name)}`;
  if (type === null) {
    throw new DataError(
      'UNSUPPORTED',
      `${title} is of type ${dtype}. Tensors of F16, BF16, F32, F64, I8 to I64, U8 to U64 and BOOL can be read. Convert it, for example with .to(torch.float32).`,
      { source: file.uri, column: name },
    );
  }
  return {
    name,
    header: { type, bigEndian: false, fortran: false, ...arrayShape(shape, title), dataOffset: start },
  };
}

function refuseDifferentRows(columns: readonly TensorColumn[], file: DataFile): void {
  const [first, ...rest] = columns;
  for (const { name, header } of rest) {
    if (header.rows === first.header.rows) continue;
    throw new DataError(
      'ROWS_MISMATCH',
      `${file.uri} is no table: ${first.name} has ${first.header.rows} rows and ${name} has ${header.rows}. All tensors that are used need as many (their leading axis; of [N, T, C] both leading axes, with T for a class's last: [N, T]).`,
      { source: file.uri, column: name },
    );
  }
}
