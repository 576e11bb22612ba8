import { createKernels } from '@lossmill/kernels';
import { expect, it } from 'vitest';
import { decodePartial, encodePartial, type Partial, prepare, ShardRunner, type Spec, shardAt } from '../src/index.js';

const rows = 600;
const range = Array.from({ length: rows }, (_, i) => i);
const spec: Spec = {
  version: 1,
  data: { inline: { p: range.map((i) => i / 7), y: range.map((i) => i % 5), r: range.map((i) => `r${i % 3}`) } },
  columns: { prediction: 'p', target: 'y' },
  losses: ['mse'],
  slices: ['r'],
};

async function encoded(): Promise<{ plan: Awaited<ReturnType<typeof prepare>>['plan']; bytes: Buffer }> {
  const { plan, dataset } = await prepare(spec);
  const runner = new ShardRunner(plan, dataset, createKernels());
  const partial = runner.partial();
  await runner.run(shardAt(plan, 0), partial);
  await dataset.close();
  return { plan, bytes: Buffer.from(encodePartial(partial)) };
}

/** Where the first node of the tree begins: its level, index and eight moments come last but for its groups and the second node. */
function firstNode(bytes: Buffer, partial: Partial): number {
  const sizes = partial.ordered.nodes.map(({ value }) => {
    const groups = value.slices.reduce((sum, { ids, nodes }) => sum + 8 + 4 * ids.length + 8 * nodes.length, 0);
    return 4 + 8 + 4 + 8 * value.moments.length + 4 + 8 * value.elements.length + groups;
  });
  return bytes.length - sizes.reduce((sum, size) => sum + size, 0);
}

/** Bytes that a decoder without checks would loop over for ages, take memory for, or trip over when it merges. */
const damages: [string, (bytes: Buffer, node: number) => void, RegExp][] = [
  ['a level of four billion', (b, at) => b.writeUInt32LE(2 ** 32 - 1, at), /node of level 4294967295 at 0/],
  ['a level beyond every dataset', (b, at) => b.writeUInt32LE(46, at), /node of level 46/],
  ['a block that is no number', (b, at) => b.writeDoubleLE(Number.NaN, at + 4), /NaN where a count belongs/],
  ['a block beyond every dataset', (b, at) => b.writeDoubleLE(2 ** 52, at + 4), /where none can be/],
  ['nodes that cover a block twice', (b, at) => b.writeDoubleLE(1, at + 4), /where none can be/],
  ['another number of moments', (b, at) => b.writeUInt32LE(2 ** 31, at + 12), /announces 2147483648 entries/],
  ['too few moments', (b, at) => b.writeUInt32LE(7, at + 12), /cannot be read/],
  ['groups that nobody named', (b, at) => b.writeUInt32LE(9, at + 12 + 4 + 64 + 4 + 4), /group 9 out of its place/],
  ['half a row', (b) => b.writeDoubleLE(0.5, 16), /0\.5 where a count belongs/],
  ['fewer rows than none', (b) => b.writeDoubleLE(-1, 24), /-1 where a count belongs/],
];

it('reads back what it wrote', async () => {
  const { plan, bytes } = await encoded();
  const partial = decodePartial(bytes, plan.spec);
  expect(partial.rowsRead).toBe(rows);
  expect(partial.ordered.nodes.map(({ level, index }) => [level, index])).toEqual([
    [1, 0],
    [0, 2],
  ]);
  expect(Buffer.from(encodePartial(partial)).equals(bytes)).toBe(true);
});

it.each(damages)('refuses %s', async (_, damage, message) => {
  const { plan, bytes } = await encoded();
  const at = firstNode(bytes, decodePartial(bytes, plan.spec));
  damage(bytes, at);
  expect(() => decodePartial(bytes, plan.spec)).toThrow(
    expect.objectContaining({ code: 'PARTIAL_CORRUPT', message: expect.stringMatching(message) }),
  );
});

it('refuses every truncation', async () => {
  const { plan, bytes } = await encoded();
  for (let length = 0; length < bytes.length; length++)
    expect(() => decodePartial(bytes.subarray(0, length), plan.spec)).toThrow(
      expect.objectContaining({ code: 'PARTIAL_CORRUPT' }),
    );
});
