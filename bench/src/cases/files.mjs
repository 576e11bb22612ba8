// Whole evaluations of files from the page cache.

import { preparedFlights } from '../flights.mjs';
import { classRows, pairs } from './columns.mjs';

const FILES = { calls: 1, seconds: 0, warm: 0, rounds: 5 };
const shared = { loss: 'mse', unit: 'row', pinned: false, sampling: FILES };

const npy = {
  ...shared,
  name: 'eval mse .npy',
  kind: 'npy',
  size: { full: 1 << 26, short: 1 << 18 },
  goal: [
    { program: 'lossmill evaluate, 2 threads', peers: /mean only, \d/, atLeast: 1 },
    { program: 'lossmill evaluate, 2 threads', peers: /same statistics/, atLeast: 3 },
  ],
  make: pairs('f32'),
  npy: true,
};

const classes = {
  ...shared,
  name: 'eval cross_entropy C=1000 .npy',
  kind: 'npy classes',
  loss: 'cross_entropy',
  classes: 1000,
  unit: 'logit',
  size: { full: 1 << 26, short: 1 << 18 },
  goal: [{ program: 'lossmill evaluate, 2 threads', peers: /2 threads/, atLeast: 1.1 }],
  make: (elements) => classRows('f32', 1000)(Math.floor(elements / 1000)),
  npy: true,
};

const flights = {
  ...shared,
  name: 'eval flights .parquet',
  kind: 'parquet',
  size: { full: 2_000_000, short: 2_000_000 },
  goal: [],
  write: async () => ({ elements: 2_000_000, files: { table: await preparedFlights() } }),
};

export const files = [npy, classes, flights];
