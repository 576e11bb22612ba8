// npm test: set up, then every test. npm test -- ARGS passes ARGS (a path, -t NAME) on to vitest.
import { at, nodeBin, run } from './lib/run.mjs';
import { setup } from './setup/setup.mjs';

await setup();
const [node, vitest] = nodeBin('vitest', 'vitest.mjs');
process.exitCode = await run(node, [...vitest, 'run', ...process.argv.slice(2)], { cwd: at() });
