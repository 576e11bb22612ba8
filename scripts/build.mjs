// npm run build: the generated kernels and every TypeScript project, with the compiler's output on the terminal.
import { at } from './lib/run.mjs';
import { build, needsBuild } from './setup/build.mjs';
import { install, needsInstall } from './setup/install.mjs';

if (needsInstall()) {
  const code = await install(at('.cache', 'setup', 'setup.log'));
  if (code !== 0) process.exit(code);
}
process.exitCode = needsBuild() ? await build() : 0;
