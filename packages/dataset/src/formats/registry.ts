import { DataError } from '../errors.js';
import { looksLike } from '../magic.js';
import { schemeOf } from '../storage/storage.js';
import type { DataSpec } from '../types.js';
import type { DataFile, FormatFactory } from './format.js';

/** Format names that `files` may have. */
export type FileFormat = NonNullable<DataSpec['format']>;

interface Registered {
  readonly extensions: readonly string[];
  /** What looksLike says of its files; null where there is no signature: text, whose readers look at more than the first bytes, and safetensors. */
  readonly looks: readonly string[] | null;
  /** Loaded on first use: a thread that reads .npy never loads an engine it does not need. */
  readonly load: () => Promise<FormatFactory>;
}

const formats: Record<FileFormat, Registered> = {
  csv: { extensions: ['.csv'], looks: null, load: async () => (await import('./csv.js')).createCsv },
  tsv: { extensions: ['.tsv'], looks: null, load: async () => (await import('./csv.js')).createTsv },
  arrow: {
    extensions: ['.arrow', '.arrows', '.feather', '.ipc'],
    looks: ['an Arrow IPC file', 'an Arrow IPC stream', 'a Feather version 1 file'],
    load: async () => (await import('./arrow.js')).createArrow,
  },
  jsonl: { extensions: ['.jsonl', '.ndjson'], looks: null, load: async () => (await import('./jsonl.js')).createJsonl },
  parquet: {
    extensions: ['.parquet', '.pq'],
    looks: ['a Parquet file', 'an encrypted Parquet file'],
    load: async () => (await import('./parquet.js')).createParquet,
  },
  npz: {
    extensions: ['.npz'],
    looks: ['a zip archive (such as .npz)', 'an empty zip archive'],
    load: async () => (await import('./npz.js')).createNpz,
  },
  // Its first bytes are a length: any bytes.
  safetensors: {
    extensions: ['.safetensors'],
    looks: null,
    load: async () => (await import('./safetensors.js')).createSafetensors,
  },
};

/** The format of `files`: as given, or the one all extensions agree on. @throws DataError FORMAT_UNKNOWN */
export function formatOf(files: readonly DataFile[], given: FileFormat | undefined): FileFormat {
  if (given !== undefined) {
    if (Object.hasOwn(formats, given)) return given;
    throw unknownFormat(`There is no format ${JSON.stringify(given)}.`, files[0].uri);
  }
  const [first, ...rest] = files;
  const format = formatByName(first.uri);
  for (const file of rest) {
    const other = formatByName(file.uri);
    if (other === format) continue;
    throw new DataError(
      'SCHEMA_MISMATCH',
      `The files do not form one table: ${first.uri} is ${format} and ${file.uri} is ${other}. Give files of one format.`,
      { source: file.uri },
    );
  }
  return format;
}

/** Extensions of packed files. */
const packed = new Set(['.gz', '.zst', '.bz2', '.xz', '.lz4', '.br']);

function formatByName(uri: string): FileFormat {
  const scheme = schemeOf(uri);
  const name = scheme === 'http' || scheme === 'https' ? new URL(uri).pathname : uri;
  const extension = /\.[^./\\]+$/.exec(name)?.[0].toLowerCase() ?? '';
  for (const [format, { extensions }] of Object.entries(formats)) {
    if (extensions.includes(extension)) return format as FileFormat;
  }
  if (extension === '.npy') {
    throw new DataError(
      'FORMAT_UNKNOWN',
      `${uri} is a .npy file, which holds one column without a name, so it cannot be one of "files". Name it under "arrays", for example {"arrays": {"prediction": [${JSON.stringify(uri)}]}}, or on the command line --pred ${uri}.`,
      { source: uri },
    );
  }
  if (packed.has(extension)) {
    throw new DataError(
      'UNSUPPORTED',
      `${uri} is compressed (${extension}); compressed text is not read. Unpack it first, for example with gunzip, or write Parquet, which is compressed inside.`,
      { source: uri },
    );
  }
  throw unknownFormat(
    extension
      ? `The format of ${uri} is unknown: no format has the extension ${extension}.`
      : `${uri} has no extension.`,
    uri,
  );
}

function unknownFormat(what: string, source: string): DataError {
  const known = Object.entries(formats).map(([name, { extensions }]) => `${name} (${extensions.join(', ')})`);
  return new DataError(
    'FORMAT_UNKNOWN',
    `${what} There are ${known.join(', ')}, and .npy under "arrays". Rename the file, or give "format".`,
    { source },
  );
}

/** @throws DataError FILE_CORRUPT if the first bytes tell that a file is of another kind than its format */
export function checkSignature(format: FileFormat, file: DataFile, head: Uint8Array): void {
  const looks = formats[format].looks;
  const found = looksLike(head);
  if (found === null || looks === null || looks.includes(found)) return;
  throw new DataError(
    'FILE_CORRUPT',
    `${file.uri} should be ${format}, but it looks like ${found}. Give it the right extension or "format", or convert it.`,
    { source: file.uri },
  );
}

export async function loadFormat(format: FileFormat): Promise<FormatFactory> {
  return formats[format].load();
}
