import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { evaluate, type Report, type Spec } from 'lossmill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npy } from './helpers/npy.js';
import { safetensors } from './helpers/safetensors.js';

/** One table in every format: the same sums, slices and worst rows must come out. */
const rows = 3000;
const names = ['bird', 'cat', 'dog'];
const z = Array.from({ length: rows }, (_, i) => names.map((_, k) => Math.sin(i * (k + 1) + k) * 4));
const label = Array.from({ length: rows }, (_, i) => (i * 7 + (i >> 4)) % 3);
const region = Array.from({ length: rows }, (_, i) => ['eu', 'us', 'asia'][(i >> 2) % 3]);

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lossmill-formats-'));
  const lines = z.map((logits, i) =>
    JSON.stringify({
      z: logits,
      z0: logits[0],
      z1: logits[1],
      z2: logits[2],
      label: label[i],
      name: names[label[i]],
      region: region[i],
    }),
  );
  writeFileSync(join(folder, 't.jsonl'), `${lines.join('\n')}\n`);
  const db = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await db.connect();
  const source = `(SELECT * FROM read_json('${join(folder, 't.jsonl')}', format = 'newline_delimited'))`;
  await connection.run(`COPY ${source} TO '${join(folder, 't.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  await connection.run(`COPY (SELECT * EXCLUDE (z) FROM ${source}) TO '${join(folder, 't.csv')}' (FORMAT csv, HEADER)`);
  await connection.run(
    `COPY (SELECT * EXCLUDE (z) FROM ${source}) TO '${join(folder, 't.tsv')}' (FORMAT csv, HEADER, DELIMITER '\t')`,
  );
  connection.closeSync();
  db.closeSync();
  const columns = {
    z,
    z0: z.map((r) => r[0]),
    z1: z.map((r) => r[1]),
    z2: z.map((r) => r[2]),
    label,
    name: label.map((k) => names[k]),
    region,
  };
  for (const [name, format] of [
    ['t.arrow', 'file'],
    ['t.arrows', 'stream'],
  ] as const) {
    writeFileSync(join(folder, name), tableToIPC(tableFromArrays(columns), { format }) as Uint8Array);
  }
  writeFileSync(
    join(folder, 't.safetensors'),
    safetensors({
      'a.bias': ['F32', [3], new Float32Array(3)],
      z: ['F64', [rows, 3], Float64Array.from(z.flat())],
      label: ['I32', [rows], Int32Array.from(label)],
    }),
  );
  writeFileSync(join(folder, 'z.npy'), npy(z.flat(), [rows, 3]));
  writeFileSync(join(folder, 'label.npy'), npy(label));
});

afterAll(() => rmSync(folder, { recursive: true }));

const run = (data: Spec['data'], columns: Spec['columns'], more: Partial<Spec> = {}): Promise<Report> =>
  evaluate({ version: 1, data, columns, losses: ['cross_entropy'], ...more });

/** What must be equal: everything but names of files and columns. */
const essence = ({ losses, rows: counts }: Report) => {
  const [{ slices, worst, ...loss }] = losses;
  return { counts, loss, slices, worst: worst.map(({ row, loss: value }) => ({ row, value })) };
};

describe('one table in every format', () => {
  it('gives the same numbers as a list column and an integer target', async () => {
    const inline = essence(await run({ inline: { z, label } }, { prediction: 'z', target: 'label' }));
    for (const file of ['t.parquet', 't.jsonl', 't.arrow', 't.arrows', 't.safetensors']) {
      expect(essence(await run({ files: [join(folder, file)] }, { prediction: 'z', target: 'label' })), file).toEqual(
        inline,
      );
    }
    const arrays = { z: [join(folder, 'z.npy')], label: [join(folder, 'label.npy')] };
    expect(essence(await run({ arrays }, { prediction: 'z', target: 'label' })), 'npy').toEqual(inline);
  });

  it('gives the same numbers as named columns, class names and slices', async () => {
    const columns = { prediction: ['z0', 'z1', 'z2'], target: 'name' };
    const more: Partial<Spec> = { slices: ['region', ['region', 'label']] };
    const reference = await run({ files: [join(folder, 't.parquet')] }, columns, more);
    expect(reference.spec.classes).toEqual(names);
    expect(reference.losses[0].slices).toHaveLength(12);
    const byIndex = await run({ inline: { z, label } }, { prediction: 'z', target: 'label' });
    expect(reference.losses[0].sum).toBe(byIndex.losses[0].sum);
    for (const file of ['t.csv', 't.tsv', 't.jsonl', 't.arrow']) {
      expect(essence(await run({ files: [join(folder, file)] }, columns, more)), file).toEqual(essence(reference));
    }
  });

  it('takes the classes in the order that the spec gives', async () => {
    const columns = { prediction: ['z2', 'z0', 'z1'], target: 'name' };
    const report = await run({ files: [join(folder, 't.csv')] }, columns, { classes: ['dog', 'bird', 'cat'] });
    const byIndex = await run({ inline: { z, label } }, { prediction: 'z', target: 'label' });
    expect(report.losses[0].derived.accuracy).toEqual(byIndex.losses[0].derived.accuracy);
    expect(Number(report.losses[0].mean)).toBeCloseTo(Number(byIndex.losses[0].mean), 12);
  });

  it('takes class probabilities as a list, and binary class names', async () => {
    const q = label.map((k) => names.map((_, j) => (j === k ? 1 : 0)));
    const soft = await run({ inline: { z, q } }, { prediction: 'z', target: 'q' });
    const hard = await run({ inline: { z, label } }, { prediction: 'z', target: 'label' });
    expect(Number(soft.losses[0].mean)).toBeCloseTo(Number(hard.losses[0].mean), 12);
    const binary = await run(
      { inline: { s: z.map((r) => r[0]), yes: label.map((k) => (k === 0 ? 'yes' : 'no')) } },
      { prediction: 's', target: 'yes' },
      { losses: ['bce'] },
    );
    const numbers = await run(
      { inline: { s: z.map((r) => r[0]), yes: label.map((k) => (k === 0 ? 1 : 0)) } },
      { prediction: 's', target: 'yes' },
      { losses: ['bce'] },
    );
    expect(binary.losses[0].sum).toBe(numbers.losses[0].sum);
    expect(binary.spec.classes).toEqual(['no', 'yes']);
  });
});

describe('sixteen-bit floats', () => {
  // Values that float16 and bfloat16 hold.
  const grid = z.flat().map((value) => Math.round(value * 8) / 8);
  const singles = Float32Array.from(grid);
  const brain = Uint16Array.from(new Uint32Array(singles.buffer), (bits) => bits >>> 16);
  const columns = { prediction: 'z', target: 'label' };

  it('give the numbers of the same float32 data, in float32', async () => {
    const label32: ['I32', number[], Int32Array] = ['I32', [rows], Int32Array.from(label)];
    writeFileSync(join(folder, 'single.safetensors'), safetensors({ z: ['F32', [rows, 3], singles], label: label32 }));
    writeFileSync(join(folder, 'brain.safetensors'), safetensors({ label: label32, z: ['BF16', [rows, 3], brain] }));
    const single = await run({ files: [join(folder, 'single.safetensors')] }, columns);
    const report = await run({ files: [join(folder, 'brain.safetensors')] }, columns);
    expect(report.spec.arithmetic).toBe('f32');
    expect(essence(report)).toEqual(essence(single));
  });
});
