import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNpyFile } from '@lossmill/dataset';
import { type Answer, evaluateInline, type Spec } from '../../src/index.js';

export type Precision = 'f32' | 'f64';

export interface Outcome {
  answer: Answer;
  /** Row losses of the first loss. */
  losses: number[];
  /** Gradient of the first loss, row-major. */
  gradient: number[];
}

type Rows = readonly number[] | readonly (readonly number[])[];

/** Evaluates predictions and targets held as .npy arrays of the given precision; gradient and row losses are collected. */
export async function evaluateArrays(
  precision: Precision,
  prediction: Rows,
  target: Rows,
  spec: Partial<Spec> & { weight?: number[]; variance?: Rows },
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'lossmill-edges-'));
  const { weight, variance, ...rest } = spec;
  try {
    const arrays: Record<string, string[]> = {
      p: [write(folder, 'p', precision, prediction)],
      y: [write(folder, 'y', precision, target)],
    };
    if (weight) arrays.w = [write(folder, 'w', precision, weight)];
    if (variance) arrays.v = [write(folder, 'v', precision, variance)];
    const losses: number[] = [];
    const gradient: number[] = [];
    const answer = await evaluateInline(
      {
        version: 1,
        data: { arrays },
        columns: {
          ...{ prediction: 'p', target: 'y' },
          ...(weight ? { weight: 'w' } : {}),
          ...(variance ? { variance: 'v' } : {}),
        },
        gradient: { output: 'unused' },
        rows: { output: 'unused' },
        ...rest,
      },
      {
        losses: (loss, _, values) => {
          if (loss === 0) losses.push(...values);
        },
        gradient: (loss, _, values) => {
          if (loss === 0) gradient.push(...values);
        },
      },
    );
    return { answer, losses, gradient };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(folder: string, name: string, precision: Precision, rows: Rows): string {
  const width = Array.isArray(rows[0]) ? rows[0].length : null;
  const flat = rows.flat() as number[];
  const path = join(folder, `${name}.npy`);
  const file = createNpyFile(
    path,
    precision === 'f32' ? 'f4' : 'f8',
    width === null ? [rows.length] : [rows.length, width],
  );
  file.write(0, precision === 'f32' ? Float32Array.from(flat) : Float64Array.from(flat));
  file.finish();
  return path;
}
