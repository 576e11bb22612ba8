import { deaths } from './deaths.mjs';
import { injected } from './injected.mjs';
import { odd } from './odd.mjs';
import { outages } from './outages.mjs';
import { outputs } from './outputs.mjs';
import { requests } from './requests.mjs';
import { signals } from './signals.mjs';
import { sources } from './sources.mjs';

/** In the order in which they run. */
export const scenarios = [
  ...[...deaths, ...outages, ...signals, ...requests, ...outputs, ...sources],
  ...[...injected, ...odd],
];
