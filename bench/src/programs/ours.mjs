// Our kernels as the evaluation uses them: the exact sum of the row losses. The plain float64 sum is what exactness costs.
import { readFileSync } from 'node:fs';
import { readExactSum } from '@lossmill/kernels';
import asc from 'assemblyscript/asc';
import { BATCH_ROWS } from './load.mjs';

const NO_ROW_LOSSES = 0;

/** Adds the exact sum of the row losses of `count` rows from row `from` on. */
const adders = {
  mse: ({ exports, at, acc }) => fused(at, (p, y, n) => exports.mse_sum_f32(p, y, n, NO_ROW_LOSSES, acc)),
  mae: ({ exports, at, acc }) => fused(at, (p, y, n) => exports.mae_sum_f32(p, y, n, NO_ROW_LOSSES, acc)),
  huber: ({ exports, at, acc, kase }) =>
    fused(at, (p, y, n) => exports.huber_sum_f32(p, y, n, kase.delta, NO_ROW_LOSSES, acc)),
  bce: ({ exports, at, acc, out }) =>
    batched(({ from, n }) => {
      exports.bce_logits_f32(at.p + 4 * from, at.y + 4 * from, n, 1, 0, out);
      exports.exact_add_f64(acc, out, n);
    }),
  cross_entropy: ({ exports, at, acc, out, kase: { classes } }) =>
    batched(({ from, n }) => {
      exports.cross_entropy_logits_f32(at.z + 4 * from * classes, at.t + 4 * from, n, classes, out);
      exports.exact_add_f64(acc, out, n);
    }),
};

const fused =
  ({ p, y }, add) =>
  (count) =>
    add(p, y, count);

const batched = (add) => (count) => {
  for (let from = 0; from < count; from += BATCH_ROWS) add({ from, n: Math.min(BATCH_ROWS, count - from) });
};

/** `(rows) => mean`: exactly summed, rounded once. */
export function exactMean(data) {
  const add = adders[data.kase.loss](data);
  return (rows) => {
    data.exports.exact_reset(data.acc);
    add(rows);
    return readExactSum(data.kernels, data.acc).round() / rows;
  };
}

export async function ours(data) {
  const { kase } = data;
  const rows = kase.rows ?? kase.elements;
  const mean = exactMean(data);
  const programs = [{ name: 'lossmill exact', role: 'ours', elements: kase.elements, run: () => mean(rows) }];
  const plain = await plainSum(data);
  if (plain)
    programs.push({
      name: 'lossmill plain f64 sum',
      role: 'plain',
      elements: kase.elements,
      run: () => plain(rows) / rows,
    });
  return { programs, missing: [] };
}

let plainModule = null;

/** The same loads and row losses with four lanes of float64 additions, or null where there is no such program. */
async function plainSum({ wasmMemory, at, kase }) {
  if (kase.loss !== 'mse' && kase.loss !== 'mae') return null;
  plainModule ??= await compile();
  const { exports } = new WebAssembly.Instance(plainModule, { env: { memory: wasmMemory } });
  const sum = exports[`${kase.loss}_plain_sum_f32`];
  return (n) => sum(at.p, at.y, n);
}

async function compile() {
  const source = readFileSync(new URL('../../assembly/plain-sums.ts', import.meta.url), 'utf8');
  const options = { optimizeLevel: 3, noAssert: true, runtime: 'stub', importMemory: true, enable: ['simd'] };
  const { binary, error } = await asc.compileString(source, options);
  if (error) throw error;
  return new WebAssembly.Module(binary);
}
