// The dependencies, by the pinned pnpm. Nothing but npm is assumed: no corepack, no pnpm on the PATH.
import { existsSync } from 'node:fs';
import { at, npmTool, run } from '../lib/run.mjs';
import { readJson } from '../lib/workspace.mjs';
import { contentFingerprint, forget, isDone, markDone } from './stamp.mjs';

const STEP = 'install';

const fingerprint = () =>
  contentFingerprint(['pnpm-lock.yaml', 'pnpm-workspace.yaml'], `${process.platform} ${process.arch}`);

/** pnpm writes node_modules/.modules.yaml last, so its absence also means an install that was cut short. */
export const needsInstall = () => !existsSync(at('node_modules', '.modules.yaml')) || !isDone(STEP, fingerprint());

/** Resolves to the exit code; everything pnpm says goes to the log. */
export async function install(log) {
  forget(STEP);
  const [command, first] = npmTool('npx');
  const pnpm = readJson(at('package.json')).packageManager;
  const code = await run(command, [...first, '--yes', pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    log,
    env: installEnvironment(),
  });
  if (code === 0) markDone(STEP, fingerprint());
  return code;
}

/** CI=true: pnpm asks no questions. NODE_ENV=production of the caller would leave the compiler out. */
function installEnvironment() {
  const { NODE_ENV: _, ...rest } = process.env;
  return { ...rest, CI: 'true' };
}
