// Damaged bytes of partials: PARTIAL_CORRUPT, or a partial that can be merged and written again.
import { mutate } from './mutate.mjs';

const rows = 700;
const range = Array.from({ length: rows }, (_, i) => i);
const inline = {
  p: range.map((i) => (i % 97 === 5 ? null : Math.sin(i) * i)),
  y: range.map((i) => i / 3),
  w: range.map((i) => i % 4),
  z: range.map((i) => [Math.cos(i), i % 5, -1]),
  k: range.map((i) => (i % 50 === 7 ? -100 : i % 3)),
  r: range.map((i) => `r${i % 6}`),
};
const base = { version: 1, data: { inline }, badRows: 'skip', slices: ['r', ['r', 'k']], worst: 4 };
const specs = [
  { ...base, columns: { prediction: 'p', target: 'y', weight: 'w' }, losses: ['mse', 'mae'] },
  { ...base, columns: { prediction: 'z', target: 'k' }, losses: [{ name: 'cross_entropy', ignore_index: -100 }] },
  { ...base, slices: [], columns: { prediction: 'p', target: 'y' }, losses: ['error'] },
  { ...base, columns: { prediction: 'p', target: 'y', cluster: 'k' }, losses: ['mae', 'mse'] },
];

export async function partialTarget({ evaluation, kernels }) {
  const { decodePartial, encodePartial, EvaluationError, Partial, prepare, ShardRunner, shardsOf } = evaluation;
  const originals = [];
  for (const [i, spec] of specs.entries()) {
    const gradient = ['summary', 'norms', 'none'][i];
    const { plan, dataset } = await prepare({ ...spec, gradient, shard: { rows: 256 } });
    const runner = new ShardRunner(plan, dataset, kernels.createKernels());
    for (const shard of shardsOf(plan)) {
      const partial = runner.partial();
      await runner.run(shard, partial);
      originals.push({ spec: plan.spec, bytes: Buffer.from(encodePartial(partial)) });
    }
    await dataset.close();
  }
  return async (random) => {
    const { spec, bytes } = random.pick(originals);
    const changed = mutate(bytes, random);
    let decoded;
    try {
      decoded = decodePartial(changed.bytes, spec);
    } catch (error) {
      if (error instanceof EvaluationError && error.code === 'PARTIAL_CORRUPT') return;
      throw new Error(`a partial after ${changed.done.join(', ')}: ${error.stack}`);
    }
    const again = encodePartial(decodePartial(encodePartial(decoded), spec));
    const total = new Partial(spec);
    total.merge(decodePartial(changed.bytes, spec));
    total.merge(decodePartial(random.pick(originals.filter((other) => other.spec === spec)).bytes, spec));
    decodePartial(again, spec);
  };
}
