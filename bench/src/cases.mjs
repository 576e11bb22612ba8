// What is measured, at which size, and what is to be reached. Goals compare medians of ratios within rounds:
// `peer`: best peer / ours at least this; `plain`: ours / our own plain float64 sum at most this.

import { writeBinary, writeClasses, writePairs } from './data.mjs';
import { preparedFlights } from './flights.mjs';

const SEED = 20_240_229;
const KERNEL = { calls: 3, seconds: 0.15, warm: 1, rounds: 5 };
const FILES = { calls: 1, seconds: 0, warm: 0, rounds: 5 };

const regression = (name, goal) => ({
  name,
  kind: 'pairs',
  loss: name,
  delta: 1,
  unit: 'pair',
  pinned: true,
  sampling: KERNEL,
  size: { full: 1 << 24, short: 1 << 16 },
  goal,
  write: (folder, n) => ({ elements: n, files: writePairs(folder, n, SEED) }),
});

const binary = (goal) => ({
  name: 'bce',
  kind: 'pairs',
  loss: 'bce',
  unit: 'element',
  pinned: true,
  sampling: KERNEL,
  size: { full: 1 << 22, short: 1 << 16 },
  goal,
  write: (folder, n) => ({ elements: n, files: writeBinary(folder, n, SEED + 10) }),
});

const crossEntropy = (classes, full, goal) => ({
  name: `cross_entropy C=${classes}`,
  kind: 'classes',
  loss: 'cross_entropy',
  classes,
  unit: 'logit',
  pinned: true,
  sampling: KERNEL,
  size: { full, short: Math.max(1 << 16, 2 * classes) },
  goal,
  write: (folder, n) => {
    const rows = Math.floor(n / classes);
    return { elements: rows * classes, rows, files: writeClasses(folder, rows, classes, SEED + 20 + classes) };
  },
});

const npy = {
  name: 'eval mse .npy',
  kind: 'npy',
  loss: 'mse',
  unit: 'row',
  pinned: false,
  sampling: FILES,
  size: { full: 1 << 26, short: 1 << 18 },
  goal: [
    { program: 'lossmill evaluate, 2 threads', peers: /mean only, \d/, atLeast: 1 },
    { program: 'lossmill evaluate, 2 threads', peers: /same statistics/, atLeast: 3 },
  ],
  write: (folder, n) => ({ elements: n, files: writePairs(folder, n, SEED + 30, { npy: true }) }),
};

const flights = {
  name: 'eval flights .parquet',
  kind: 'parquet',
  loss: 'mse',
  unit: 'row',
  pinned: false,
  sampling: FILES,
  size: { full: 2_000_000, short: 2_000_000 },
  goal: [],
  write: async () => ({ elements: 2_000_000, files: { table: await preparedFlights() } }),
};

const beats = (atLeast) => [{ peers: /./, atLeast }];
const costs = (atMost) => ({ plain: true, atMost });

export const cases = [
  regression('mse', [...beats(1.2), costs(2)]),
  regression('mae', [...beats(1.5), costs(1.3)]),
  regression('huber', beats(1.5)),
  binary(beats(1.3)),
  crossEntropy(10, 1 << 22, beats(2.5)),
  crossEntropy(100, 1 << 23, beats(1.2)),
  crossEntropy(1000, 1 << 24, beats(1)),
  crossEntropy(32_000, 1 << 24, beats(1.2)),
  crossEntropy(128_256, 1 << 24, beats(1.2)),
  npy,
  flights,
];
