// The files that are damaged: every format, small, with what is hard about it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { npy, safetensors, zip } from './files.mjs';

const rows = 120;
const range = Array.from({ length: rows }, (_, i) => i);
const single = Float32Array.from(range, (i) => Math.sin(i) * i);
const double = Float64Array.from(range, (i) => i / 7 - 3);
const wide = Float32Array.from({ length: rows * 3 }, (_, i) => Math.cos(i) * 4);
const half = Uint16Array.from(range, (i) => i * 300);
const int64 = BigInt64Array.from(range, (i) => BigInt(i % 3) - 1n);
const fixtures = fileURLToPath(new URL('../../packages/dataset/test/fixtures/', import.meta.url));

const arrays = {
  'single.npy': npy(single, [rows]),
  'wide.npy': npy(wide, [rows, 3]),
  'fortran.npy': npy(Float64Array.from(wide), [rows, 3], { fortran: true }),
  'half.npy': npy(half, [rows]),
  'brief.npy': npy(Int8Array.from(range), [rows], { descr: '|b1' }),
  'int64.npy': npy(int64, [rows]),
  'empty.npy': npy(single.subarray(0, 0), [0, 3]),
};

const members = { 'x.npy': arrays['wide.npy'], 'f.npy': arrays['fortran.npy'], 'y.npy': arrays['int64.npy'] };

const tensors = {
  'a.safetensors': safetensors({
    x: [wide, [rows, 3]],
    y: [int64, [rows]],
    h: [half, [rows]],
    b: [half, [rows], 'BF16'],
  }),
  'b.safetensors': safetensors({ one: [double, [rows]] }),
};

function texts() {
  const lines = range.map((i) => `${i % 11 === 3 ? '' : single[i]},"n ""${i % 5}""",${i % 2 === 0},${i},"a\n${i}"`);
  const csv = `x,name,flag,i,text\n${lines.join('\n')}\n`;
  const objects = range.map((i) =>
    JSON.stringify({
      x: i % 11 === 3 ? null : double[i],
      list: [i, i / 3],
      name: `n\u00e9 ${i % 5}`,
      flag: i % 2 === 0,
    }),
  );
  return {
    'a.csv': csv,
    'crlf.csv': `a,b\r\n1,2\r\n3,\r\n`,
    'a.tsv': csv.replaceAll(',', '\t'),
    'a.jsonl': `${objects.join('\n')}\n`,
  };
}

function arrow() {
  const table = tableFromArrays(
    {
      x: Array.from(single, (x, i) => (i % 9 ? x : null)),
      name: range.map((i) => `n${i % 5}`),
      l: range.map((i) => [i, 2 * i]),
    },
    { maxBatchRows: 50 },
  );
  const own = { 'a.arrow': tableToIPC(table, { format: 'file' }), 'a.arrows': tableToIPC(table, { format: 'stream' }) };
  // All but those that are wrong already.
  const names = readdirSync(join(fixtures, 'arrow')).filter((name) =>
    /^(?!ragged|long-).*\.(arrow|arrows|feather)$/.test(name),
  );
  return {
    ...own,
    ...Object.fromEntries(names.map((name) => [`p-${name}`, readFileSync(join(fixtures, 'arrow', name))])),
  };
}

async function writeParquet(folder) {
  const db = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await db.connect();
  const query = `SELECT CASE WHEN i % 7 = 2 THEN NULL ELSE (sin(i) * i)::FLOAT END AS x, [i::FLOAT, (i / 3)::FLOAT] AS l,
    'n' || (i % 5) AS name, i::BIGINT AS i, (i / 10)::DECIMAL(9, 2) AS d FROM range(${rows}) t(i)`;
  for (const codec of ['uncompressed', 'snappy', 'zstd', 'gzip'])
    await connection.run(
      `COPY (${query}) TO '${join(folder, `${codec}.parquet`)}' (FORMAT parquet, COMPRESSION ${codec})`,
    );
  connection.closeSync();
  db.closeSync();
  writeFileSync(join(folder, 'half.parquet'), readFileSync(join(fixtures, 'parquet', 'half.parquet')));
}

/** Writes the files, a folder for each kind. */
export async function writeCorpus(folder) {
  const kinds = {
    npy: arrays,
    npz: { 'stored.npz': zip(members, false), 'deflated.npz': zip(members, true) },
    safetensors: tensors,
    text: texts(),
    arrow: arrow(),
    parquet: {},
  };
  for (const [kind, files] of Object.entries(kinds)) {
    mkdirSync(join(folder, kind));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, kind, name), content);
  }
  await writeParquet(join(folder, 'parquet'));
}
