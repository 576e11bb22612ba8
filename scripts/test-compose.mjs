// npm run test:compose: set up, then docker-compose.yml for real, with any Docker engine (tests/compose/run.mjs).
import { pathToFileURL } from 'node:url';
import { at } from './lib/run.mjs';
import { setup } from './setup/setup.mjs';

await setup();
await import(pathToFileURL(at('tests', 'compose', 'run.mjs')).href);
