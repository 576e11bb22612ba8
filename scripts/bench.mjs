// npm run bench: set up, then the experiments beside peers. npm run bench -- --help for its flags.
import { pathToFileURL } from 'node:url';
import { at } from './lib/run.mjs';
import { setup } from './setup/setup.mjs';

await setup();
await import(pathToFileURL(at('bench', 'src', 'main.mjs')).href);
