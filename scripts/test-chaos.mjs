// npm run test:chaos -- [--seeds N] [--seed S] [--only NAME]: set up, then the faults of tests/chaos/run.mjs.
import { pathToFileURL } from 'node:url';
import { at } from './lib/run.mjs';
import { setup } from './setup/setup.mjs';

await setup();
await import(pathToFileURL(at('tests', 'chaos', 'run.mjs')).href);
