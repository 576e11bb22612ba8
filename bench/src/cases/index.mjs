// What is measured, at which size, and what is to be reached. Goals compare medians of ratios within rounds: see run/verdicts.mjs.
import { catalogue } from './catalogue.mjs';
import { files } from './files.mjs';
import { float64, gradients, kernels, tails } from './kernels.mjs';
import { statistics } from './statistics.mjs';

const titled = (group, cases) => cases.map((one) => ({ ...one, group }));

export const cases = [
  ...titled('Row losses and their exact sum', kernels),
  ...titled('With the gradient', gradients),
  ...titled('Heavy tails', tails),
  ...titled('All default statistics', statistics),
  ...titled('Files', files),
  ...titled('float64', float64),
  ...titled('The rest of the catalogue', catalogue),
];
