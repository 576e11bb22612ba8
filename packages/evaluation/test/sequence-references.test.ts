import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNpyFile } from '@lossmill/dataset';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluateInline, type Spec } from '../src/index.js';

interface Case {
  loss: Spec['losses'][number];
  prediction: number[][][];
  target: number[][] | number[][][];
  losses: (number | null)[];
  mean: number;
  torchMean: number | null;
  gradient: number[];
  clusters: { count: number; stderr: number; means: number; meansStderr: number };
}

const { cases } = JSON.parse(readFileSync(new URL('fixtures/sequence-references.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};
const folder = mkdtempSync(join(tmpdir(), 'lossmill-sequences-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, precision: 'f32' | 'f64', values: Case['prediction'] | Case['target']): string {
  const path = join(folder, `${name}.npy`);
  const shape = shapeOf(values);
  const file = createNpyFile(path, precision === 'f32' ? 'f4' : 'f8', shape);
  const flat = (values as number[][][]).flat(2);
  file.write(0, precision === 'f32' ? Float32Array.from(flat) : Float64Array.from(flat));
  file.finish();
  return path;
}

const shapeOf = (values: unknown): number[] => (Array.isArray(values) ? [values.length, ...shapeOf(values[0])] : []);

/** All within `tolerance` of 1 or of their own size. */
function expectClose(found: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  const far = wanted.findIndex((value, i) => !(Math.abs(found[i] - value) <= tolerance * Math.max(1, Math.abs(value))));
  expect(far < 0 ? 'close' : `${far}: ${found[far]}, wanted ${wanted[far]}`).toBe('close');
}

describe.each(['f32', 'f64'] as const)('predictions of shape [N, T, C] in %s', (precision) => {
  const tolerance = precision === 'f32' ? 2e-6 : 1e-12;

  it.each(cases.map((one, i) => [i, one] as const))(
    'agree with torch and with the clustered sandwich, case %i',
    async (i, one) => {
      const arrays = {
        z: [write(`z-${precision}-${i}`, precision, one.prediction)],
        y: [write(`y-${precision}-${i}`, precision, one.target)],
      };
      const rows = one.losses.length;
      const losses = new Float64Array(rows);
      const gradient = new Float64Array(one.gradient.length);
      const { losses: reports } = await evaluateInline(
        {
          version: 1,
          data: { arrays },
          columns: { prediction: 'z', target: 'y' },
          losses: [one.loss],
          gradient: { output: 'unused' },
        },
        {
          losses: (_, start, values) => losses.set(values, start),
          gradient: (_, start, values) => gradient.set(values, start * (one.gradient.length / rows)),
        },
      );
      const [{ mean, clusters }] = reports;
      const counted = one.losses.flatMap((loss, row) => (loss === null ? [] : [row]));
      expectClose(
        counted.map((row) => losses[row]),
        counted.map((row) => one.losses[row] as number),
        tolerance,
      );
      expectClose(gradient, one.gradient, tolerance);
      expectClose([mean as number], [one.torchMean ?? one.mean], tolerance);
      expect(clusters?.count).toBe(one.clusters.count);
      const { stderr, means, meansStderr } = one.clusters;
      expectClose(
        [clusters?.stderr, clusters?.means.mean, clusters?.means.stderr] as number[],
        [stderr, means, meansStderr],
        tolerance,
      );
    },
  );
});
