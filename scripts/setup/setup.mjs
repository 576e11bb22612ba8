// What `npm start` and `npm test` do before their work: install and build, once, in one quiet line.
import { rmSync } from 'node:fs';
import { at, tail } from '../lib/run.mjs';
import { build, needsBuild } from './build.mjs';
import { install, needsInstall } from './install.mjs';
import { startLine } from './line.mjs';
import { wasDone } from './stamp.mjs';

const LOG = at('.cache', 'setup', 'setup.log');
const MINIMUM = [20, 19];

/**
 * Bring the checkout to a state that runs. Silent and quick (tens of milliseconds) when nothing changed. On failure
 * says what failed, shows the end of the log and ends the process with the failing program's exit code.
 * `build: false` installs only, for callers that build in their own way.
 */
export async function setup({ build: wantsBuild = true } = {}) {
  requireNode();
  const mustBuild = () => wantsBuild && needsBuild();
  if (!needsInstall() && !mustBuild()) return;
  rmSync(LOG, { force: true });
  const line = startLine(wasDone('install') ? '  Updating ........' : '  Setting up (once) ........');
  if (needsInstall()) await step(line, 'pnpm', install, 'Installing the dependencies');
  if (mustBuild()) await step(line, 'build', build, 'Building');
  line.end();
}

async function step(line, name, work, what) {
  line.begin(name);
  const code = await work(LOG);
  line.finish();
  if (code === 0) return;
  line.end();
  console.error(`\n${tail(LOG)}\n\nerror: ${what} failed with exit code ${code}. The whole log is in ${LOG}`);
  process.exit(code);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  console.error(`error: lossmill needs Node ${MINIMUM.join('.')} or newer; this is ${process.version}.`);
  process.exit(2);
}
