// What the default statistics of an evaluation cost, from memory: row losses, exact sum, block moments, range, quantile and worst rows.
import { classRows, labels, pairs } from './columns.mjs';
import { kernelCase } from './make.mjs';

const shared = { peers: false, statistics: true, goal: [{ statistics: true, atMost: 1.5 }] };

export const statistics = [
  kernelCase({
    ...{ ...shared, name: 'mse, all statistics', loss: 'mse', family: 'regression', unit: 'pair' },
    ...{ make: pairs('f32'), full: 1 << 23 },
  }),
  kernelCase({
    ...{ ...shared, name: 'bce, all statistics', loss: 'bce', family: 'binary', input: 'logits', unit: 'element' },
    ...{ make: labels('f32'), full: 1 << 22 },
  }),
  kernelCase({
    ...{ ...shared, name: 'cross_entropy C=10, all statistics', loss: 'cross_entropy', family: 'classes' },
    ...{ input: 'logits', target: 'index', unit: 'logit', classes: 10, make: classRows('f32', 10), full: 1 << 22 },
  }),
];
