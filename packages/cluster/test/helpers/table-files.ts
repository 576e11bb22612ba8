import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { createNpyFile } from '@lossmill/dataset';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';

/** Rows of the files below. */
export const tableRows = 20_000;

const p = Float32Array.from({ length: tableRows }, (_, i) => Math.sin(i) * 10 ** (i % 5));
const y = Float32Array.from({ length: tableRows }, (_, i) => Math.cos(i / 3));

/** The same two columns, "p" and "y", in every format; of .npy one file a column. The Parquet file has others beside them. */
export async function tableFiles(folder: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const rows = [...p].map((value, i) => [value, y[i]]);
  const lines = (separator: string) => Buffer.from([['p', 'y'], ...rows].map((row) => row.join(separator)).join('\n'));
  files.set('t.csv', lines(',')).set('t.tsv', lines('\t'));
  files.set('t.jsonl', Buffer.from(rows.map(([a, b]) => JSON.stringify({ p: a, y: b })).join('\n')));
  const table = tableFromArrays({ p, y }, { maxBatchRows: 5000 } as object);
  for (const [name, format] of [
    ['t.arrow', 'file'],
    ['t.arrows', 'stream'],
  ] as const)
    files.set(name, tableToIPC(table, { format }) as Uint8Array);
  for (const [name, values] of [
    ['p.npy', p],
    ['y.npy', y],
  ] as const)
    files.set(name, npy(folder, name, values));
  const members = { 'p.npy': files.get('p.npy') as Uint8Array, 'y.npy': files.get('y.npy') as Uint8Array };
  files.set('t.npz', zip(members));
  files.set('t.parquet', await parquet(folder));
  return files;
}

function npy(folder: string, name: string, values: Float32Array): Uint8Array {
  const file = createNpyFile(join(folder, name), 'f4', [values.length]);
  file.write(0, values);
  file.finish();
  return readFileSync(join(folder, name));
}

async function parquet(folder: string): Promise<Uint8Array> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const others = Array.from({ length: 30 }, (_, at) => `hash(i * 30 + ${at}) / 3 AS c${at}`).join(', ');
  const select = `SELECT sin(i) AS p, cos(i) AS y, ${others} FROM range(${tableRows}) t(i)`;
  await connection.run(`COPY (${select}) TO '${join(folder, 't.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 4096)`);
  connection.closeSync();
  instance.closeSync();
  return readFileSync(join(folder, 't.parquet'));
}

/** A zip archive of deflated members. */
function zip(members: Record<string, Uint8Array>): Uint8Array {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const body = deflateRawSync(content);
    // version, flags, method, time, date; checksum, sizes; lengths of name and extra field
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(offset, 10);
    bodies.push(Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), body]));
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, entry, Buffer.from(name)]));
    offset += 30 + name.length + body.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directory, end]);
}
