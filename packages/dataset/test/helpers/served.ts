import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { writeParquet } from '../formats/parquet-writer.js';
import { npyOf } from './npy.js';
import { safetensorsBytes, tensorOf } from './safetensors.js';
import { zipBytes } from './zip.js';

/** Rows of the files below. */
export const servedRows = 60_000;

const numbers = Array.from({ length: servedRows }, (_, i) => Math.fround(Math.sin(i) * i));
const missing = (i: number) => i % 97 === 5;

function text(): Record<string, string> {
  const lines = numbers.map((x, i) => (missing(i) ? `,b,${i}` : `${x},n${i % 13},${i}`));
  const csv = `x,name,i\n${lines.join('\n')}\n`;
  const objects = numbers.map((x, i) => JSON.stringify(missing(i) ? { name: 'b', i } : { x, name: `n${i % 13}`, i }));
  return { 'a.csv': csv, 'a.tsv': csv.replaceAll(',', '\t'), 'a.jsonl': objects.join('\n') };
}

function arrays(): Record<string, Uint8Array> {
  const x = npyOf({ type: 'f32' }, [servedRows], numbers);
  const wide = npyOf({ type: 'f64', fortran: true }, [servedRows, 2], [...numbers, ...numbers]);
  const members = { 'x.npy': x, 'wide.npy': wide };
  const tensors = safetensorsBytes({
    x: tensorOf('f32', [servedRows], numbers),
    half: tensorOf(
      'f16',
      [servedRows, 2],
      numbers.flatMap((_, i) => [i % 0x7c00, i % 0x7c00]),
    ),
  });
  return {
    'a.safetensors': tensors,
    'stored.npz': zipBytes(members),
    'deflated.npz': zipBytes(members, { deflate: true }),
  };
}

/** As flechette writes it, in batches of 5,000 rows. */
function arrow(): Record<string, Uint8Array> {
  const table = tableFromArrays(
    {
      x: numbers.map((x, i) => (missing(i) ? null : x)),
      name: numbers.map((_, i) => (missing(i) ? 'b' : `n${i % 13}`)),
      i: Int32Array.from(numbers, (_, i) => i),
    },
    { maxBatchRows: 5000 } as object,
  );
  const file = (name: string) => readFileSync(fileURLToPath(new URL(`../fixtures/arrow/${name}`, import.meta.url)));
  return {
    'a.arrow': tableToIPC(table, { format: 'file' }) as Uint8Array,
    'a.arrows': tableToIPC(table, { format: 'stream' }) as Uint8Array,
    'lz4.arrow': file('lz4.arrow'),
    'zstd.feather': file('zstd.feather'),
    'stream.arrows': file('stream.arrows'),
  };
}

const select = `SELECT CASE WHEN i % 97 = 5 THEN NULL ELSE (sin(i) * i)::FLOAT END AS x, 'n' || (i % 13) AS name, i::INTEGER AS i,
  CASE WHEN i < 25000 THEN [] ELSE [i::FLOAT, (i / 3)::FLOAT] END AS list`;

async function parquet(): Promise<Record<string, Uint8Array>> {
  const rows = `FROM range(${servedRows}) t(i)`;
  const written: [name: string, query: string, options: string][] = [
    [
      'a.parquet',
      `${select} ${rows}`.replace('WHEN i < 25000 THEN []', 'WHEN i < 25000 THEN NULL'),
      'ROW_GROUP_SIZE 10000',
    ],
    [
      'one-group.parquet',
      `SELECT i::DOUBLE AS x, 'n' || i AS name ${rows}`,
      "ROW_GROUP_SIZE 1000000, COMPRESSION 'zstd'",
    ],
    ['numbered.parquet', `SELECT i * 2 AS file_row_number, i::FLOAT AS x ${rows}`, 'ROW_GROUP_SIZE 10000'],
  ];
  const out: Record<string, Uint8Array> = {};
  for (const [name, query, options] of written)
    out[name] = readFileSync((await writeParquet(name, query, options)).path);
  return out;
}

/** Files of every format and what is hard about each. */
export async function servedFiles(): Promise<Record<string, Uint8Array | string>> {
  return { ...text(), ...arrays(), ...arrow(), ...(await parquet()) };
}
