// Damaged files through openDataset and cursors over everything: numbers, or a DataError; never anything else.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zip } from './files.mjs';
import { mutate } from './mutate.mjs';

const MOST_COLUMNS = 8;
const MOST_VALUES = 200_000;
const LONGEST_MESSAGE = 3000;

/** @param kind a folder of the corpus, or `npz-inner`: damaged arrays in archives whose checksums are right */
export async function readerTarget({ kind, corpus, work, dataset }) {
  mkdirSync(work, { recursive: true });
  const folder = join(corpus, kind === 'npz-inner' ? 'npy' : kind);
  const originals = readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
  const known = new Set();
  for (const { name, bytes } of originals) {
    const { columns, error } = await attempt(dataset, save(work, name, bytes));
    if (error) throw new Error(`${name} cannot be read though nothing is wrong with it: ${error.message}`);
    for (const { values } of columns) known.add(values);
  }
  return async (random, keep) => {
    const { name, bytes } = random.pick(originals);
    const changed = mutate(bytes, random);
    const made = kind === 'npz-inner' ? zip({ 'x.npy': changed.bytes }, random.next() < 0.5) : changed.bytes;
    const path = save(work, kind === 'npz-inner' ? `${name}.npz` : name, made);
    keep(path);
    const { columns, error, whole } = await attempt(dataset, path, random);
    const what = `${name} after ${changed.done.join(', ')}`;
    if (error) return checkError(error, dataset, what);
    if (kind !== 'npz' || !whole) return;
    // A checksum covers every byte of every array.
    const strange = columns.find(({ values }) => !known.has(values));
    if (strange) throw new Error(`${what}: ${strange.name} holds other values than the archive was made of`);
  };
}

function save(work, name, bytes) {
  const path = join(work, name);
  writeFileSync(path, bytes);
  return path;
}

function checkError(error, { DataError }, what) {
  if (!(error instanceof DataError)) throw new Error(`${what}: ${error?.stack ?? error}`);
  if (!/^[A-Z_]+$/.test(error.code)) throw new Error(`${what}: an error without a code: ${error.message}`);
  if (error.message.length > LONGEST_MESSAGE)
    throw new Error(`${what}: a message of ${error.message.length} characters: ${error.message.slice(0, 300)}`);
}

/** Reads all columns twice, in one fill and in many: both must tell the same. */
async function attempt({ openDataset }, path, random) {
  const spec = path.endsWith('.npy') ? { arrays: { x: [path] } } : { files: [path] };
  let opened;
  try {
    opened = await openDataset(spec);
    const { rows } = opened.description;
    const columns = [];
    let whole = true;
    for (const column of opened.description.columns.slice(0, MOST_COLUMNS)) {
      const most = Math.floor(MOST_VALUES / (column.width ?? 1));
      if (rows > most) whole = false;
      const end = Math.min(rows, most);
      const as = column.type === 'string' ? 'text' : (random?.pick(['f64', 'f64', 'f32', 'text']) ?? 'f64');
      const read = { column: column.name, as: as === 'text' && column.width !== null ? 'f64' : as };
      const values = await readAll(opened, column, read, end, Math.max(1, end));
      const again = await readAll(opened, column, read, end, 1 + Math.floor((random?.next() ?? 0.1) * 50));
      if (values !== again) throw new Error(`column ${column.name} depends on how many rows are read at a time`);
      if (as !== 'f64') whole = false;
      columns.push({ name: column.name, values });
    }
    return { columns, whole };
  } catch (error) {
    return { columns: [], error };
  } finally {
    await opened?.close();
  }
}

async function readAll(opened, { width }, read, end, chunk) {
  const hashes = [createHash('sha1'), createHash('sha1')];
  const buffer = bufferOf(read.as, chunk, width ?? 1);
  const cursor = await opened.cursor(0, end, [read]);
  try {
    for (let row = 0; row < end; row += chunk) {
      const rows = Math.min(chunk, end - row);
      await cursor.fill(rows, [buffer]);
      addRows(hashes, buffer, rows, width ?? 1);
    }
  } finally {
    await cursor.close();
  }
  return hashes.map((hash) => hash.digest('hex')).join();
}

function bufferOf(as, rows, width) {
  if (as !== 'text') {
    const values = as === 'f32' ? new Float32Array(rows * width) : new Float64Array(rows * width);
    return { as, values, present: new Uint8Array(rows), missing: 0 };
  }
  const ids = new Map();
  const values = [];
  const code = (value) => {
    if (!ids.has(value)) ids.set(value, values.push(value) - 1);
    return ids.get(value);
  };
  return { as, codes: new Int32Array(rows), dictionary: { values, code } };
}

/** Values and what is missing, each in an order that does not depend on the fills. */
function addRows([hash, absent], buffer, rows, width) {
  if (buffer.as === 'text') {
    for (let row = 0; row < rows; row++) hash.update(`${buffer.dictionary.values[buffer.codes[row]]}\n`);
    return;
  }
  const { values, present, missing } = buffer;
  hash.update(new Uint8Array(values.buffer, 0, rows * width * values.BYTES_PER_ELEMENT));
  if (missing === 0) absent.update(Buffer.alloc(rows, 1));
  else absent.update(present.subarray(0, rows));
}
