// npm run test:fuzz -- [--seconds N] [--seed S] [--ci] [--target NAME] [--case N]: set up, then tests/fuzz/run.mjs.
import { pathToFileURL } from 'node:url';
import { at } from './lib/run.mjs';
import { setup } from './setup/setup.mjs';

await setup();
await import(pathToFileURL(at('tests', 'fuzz', 'run.mjs')).href);
