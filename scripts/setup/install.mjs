// The dependencies, by the pinned pnpm. Nothing but npm is assumed: no corepack, no pnpm on the PATH.
import { existsSync } from 'node:fs';
import { at, npmTool, run } from '../lib/run.mjs';
import { packages, readJson } from '../lib/workspace.mjs';
import { contentFingerprint, forget, isDone, markDone } from './stamp.mjs';

const STEP = 'install';

/** The lockfile, and what the manifests ask for: where the two disagree, pnpm is to say so. */
function fingerprint() {
  const wanted = [readJson(at('package.json')), ...packages().map(({ manifest }) => manifest)].map(
    ({ name, dependencies, devDependencies, optionalDependencies }) => [
      name,
      dependencies,
      devDependencies,
      optionalDependencies,
    ],
  );
  const machine = `${process.platform} ${process.arch}`;
  return contentFingerprint(['pnpm-lock.yaml', 'pnpm-workspace.yaml'], machine + JSON.stringify(wanted));
}

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
