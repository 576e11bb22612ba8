// A Docker engine with compose: one that answers, or one that `compose-lab` beside the checkout can start.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { at } from './project.mjs';

const LAB = at('../shared/compose-lab');

/** Names of the images that docker-compose.yml and the Dockerfile start from: the lab has to build stand-ins for them. */
const BASES = ['node:24-bookworm-slim', 'redis:8-alpine'];

/**
 * Returns { name, words, stop } or, where there is none, { reason }. `words(args)` is the command line for `docker ARGS`;
 * `stop()` ends an engine that was started here and no other.
 */
export function findEngine({ start = true } = {}) {
  const plain = { name: 'docker', words: (args) => ['docker', ...args], stop: () => {} };
  if (answers(plain)) return plain;
  const reason = whyNoLab();
  if (reason !== undefined) return { reason: `no Docker engine with compose answers, and ${reason}` };
  if (start)
    for (const args of [['up'], ['base', ...BASES]])
      if (!succeeds([LAB, ...args], 'inherit')) return { reason: `compose-lab ${args.join(' ')} failed` };
  return { name: 'compose-lab', words: labWords, stop: () => succeeds([LAB, 'down'], 'inherit') };
}

const answers = ({ words }) => succeeds(words(['version'])) && succeeds(words(['compose', 'version']));

const succeeds = ([command, ...args], stdio = 'ignore') => spawnSync(command, args, { stdio }).status === 0;

const labWords = (args) => (args[0] === 'compose' ? [LAB, ...args] : [LAB, 'docker', ...args]);

function whyNoLab() {
  if (!existsSync(LAB)) return 'there is no ../shared/compose-lab beside the checkout to start one';
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version'))
    return '../shared/compose-lab needs root on Debian to start one';
  return undefined;
}

// node tests/compose/engine.mjs: exit code 0 where the tests can run, otherwise 1 and why not.
if (process.argv[1] === import.meta.filename) {
  const { reason } = findEngine({ start: false });
  if (reason !== undefined) console.log(reason);
  process.exitCode = reason === undefined ? 0 : 1;
}
