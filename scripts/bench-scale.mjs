// npm run bench:scale: set up, then what evaluations cost a cluster. npm run bench:scale -- --help for its flags.
import { pathToFileURL } from 'node:url';
import { at } from './lib/run.mjs';
import { setup } from './setup/setup.mjs';

await setup();
await import(pathToFileURL(at('bench', 'src', 'scale.mjs')).href);
