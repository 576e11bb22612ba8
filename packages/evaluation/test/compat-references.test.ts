import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Spec } from '../src/index.js';
import { evaluateArrays, type Precision } from './helpers/arrays.js';

type Value = number | 'NaN' | 'Infinity' | '-Infinity';

interface Parameters {
  class_weight?: number[];
  ignore_index?: number;
}

interface Case {
  compat: NonNullable<Spec['compat']>;
  edges?: Spec['edges'];
  type: Precision;
  loss: Spec['losses'][number];
  call: string;
  input?: Spec['input'];
  prediction: number[] | number[][];
  target: number[] | number[][];
  weight?: number[];
  variance?: number[];
  mean: Value;
}

const { cases, versions } = JSON.parse(
  readFileSync(new URL('./fixtures/compat-references.json', import.meta.url), 'utf8'),
) as { cases: Case[]; versions: Record<string, string> };

const LIBRARIES = [...new Set(cases.map(({ compat }) => compat))];

/** Libraries compute float32 cases in float32; their log of softmax loses digits where ours keeps them. */
const BOUND = { f64: 2e-13, f32: 3e-6 };
/** Keras on torch rounds constants and means to float32. */
const ROUNDED = 3e-7;

function title({ loss, type, call, weight, edges, input }: Case): string {
  const options = [
    input && `of ${input}`,
    weight && (weight.includes(0) ? 'weighted, some 0' : 'weighted'),
    edges && 'edges',
  ];
  return `${type} ${JSON.stringify(loss)} as ${call} ${options.filter(Boolean).join(', ')}`;
}

/** The denominator's share of each row, as docs/numerics.md has it. */
function shares({ loss, target, weight, prediction }: Case, denominator: string, width: number): number[] {
  const { class_weight: classes, ignore_index: ignore } =
    typeof loss === 'string' ? ({} as Parameters) : (loss as Parameters);
  return prediction.map((_, i) => {
    if (ignore !== undefined && target[i] === ignore) return 0;
    const w = weight?.[i] ?? 1;
    const c = classes && !Array.isArray(target[i]) ? classes[target[i] as number] : 1;
    const share: Record<string, number> = {
      ...{ weight: w * c, rows: 1, nonzero: w === 0 ? 0 : 1, elements: width, weight_elements: w * width },
    };
    return share[denominator];
  });
}

async function check(entry: Case): Promise<void> {
  const { compat, edges, loss, type, input, prediction, target, weight, variance } = entry;
  const spec = { ...(edges ? { edges } : {}), ...(input ? { input } : {}), ...(weight ? { weight } : {}), compat };
  const { answer, losses } = await evaluateArrays(type, prediction, target, {
    ...{ losses: [loss], ...spec },
    ...(variance ? { variance } : {}),
  });
  const [report] = answer.losses;
  const mean = Number(report.mean);
  const expected = Number(entry.mean);
  const bound = compat === 'keras' ? Math.max(BOUND[type], ROUNDED) : BOUND[type];
  if (Number.isFinite(expected))
    expect(Math.abs(mean - expected)).toBeLessThanOrEqual(bound * (1 + Math.abs(expected)));
  else expect(mean).toBe(expected);

  // The error bar, from row losses by its definition.
  const denominator = report.compat?.denominator ?? '';
  const d = shares(entry, denominator, [prediction[0]].flat().length);
  const y = losses.map((row, i) =>
    d[i] === 0 && weight?.[i] !== 0 ? 0 : weight?.[i] === 0 ? 0 : row * (weight?.[i] ?? 1),
  );
  const total = d.reduce((a, b) => a + b, 0);
  const byWeight = denominator.startsWith('weight') || denominator === 'nonzero';
  const n = report.count - (byWeight ? (weight ?? []).filter((w) => w === 0).length : 0);
  const squares = y.reduce((sum, value, i) => sum + (value - mean * d[i]) ** 2, 0);
  const stderr = Math.sqrt((n / (n - 1)) * squares) / total;
  expect(Math.abs(Number(report.stderr) - stderr)).toBeLessThanOrEqual(1e-9 * (stderr + Math.abs(mean)));
}

describe.each(LIBRARIES)('mean of %s', (library) => {
  const own = cases.filter(({ compat }) => compat === library);
  it(`is that of version ${versions[library]}, in at least ${library === 'tfjs' ? 60 : 90} cases`, () => {
    expect(own.length).toBeGreaterThanOrEqual(library === 'tfjs' ? 60 : 90);
  });
  it.each(own.map((entry, i) => [`${i}: ${title(entry)}`, entry] as const))('%s', async (_, entry) => check(entry));
});
