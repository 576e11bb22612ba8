// npm start: set up, then the flights example. npm start -- ARGS: set up, then `lossmill ARGS`.
import { pathToFileURL } from 'node:url';
import { at } from './lib/run.mjs';
import { setup } from './setup/setup.mjs';

await setup();
const args = process.argv.slice(2);
const script =
  args.length === 0 ? at('examples', 'flights', 'src', 'main.mjs') : at('apps', 'cli', 'bin', 'lossmill.js');
// npm runs scripts in the root; a user's relative paths mean the folder that npm was called in.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
process.argv = [process.execPath, script, ...args];
await import(pathToFileURL(script).href);
