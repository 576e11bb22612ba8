// A process that makes cases of one target until its time is over, and tells of each before it begins. What it may do to its
// process - end it, hang, take all memory - is its parent's to see.
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { largestAllocation, watchAllocations } from './guard.mjs';

watchAllocations();

const MOST_ALLOCATED = 80 * 2 ** 20;
const MOST_RESIDENT = 1.5 * 2 ** 30;
const MOST_DEFECTS = 5;

const { target, corpus, work, seed, first, seconds, only, keepIn } = JSON.parse(process.argv[2]);
const built = (name) => import(new URL(`../../packages/${name}/dist/index.js`, import.meta.url).href);
const { randomOf } = await import('../chaos/random.mjs');
const run = await load();
process.on('unhandledRejection', (error) =>
  tell(-1, new Error(`a promise that nobody waits for: ${error?.stack ?? error}`)),
);

let kept = null;
let defects = 0;
let last = first;
const until = performance.now() + seconds * 1000;
if (run.remark) process.send({ remark: run.remark });
if (only !== undefined) await attempt(only);
else for (let index = first; performance.now() < until && defects < MOST_DEFECTS; index++) await attempt(index);
process.send({ done: last - first + 1 }, () => process.disconnect());

async function load() {
  if (target === 'partial') {
    const { partialTarget } = await import('./partial-target.mjs');
    return partialTarget({ evaluation: await built('evaluation'), kernels: await built('kernels') });
  }
  if (target === 'kernels') {
    const { kernelTarget } = await import('./kernel-target.mjs');
    return kernelTarget({ kernels: await built('kernels'), exactSum: await built('exact-sum') });
  }
  const { readerTarget } = await import('./reader-target.mjs');
  return readerTarget({ kind: target, corpus, work, dataset: await built('dataset') });
}

async function attempt(index) {
  last = index;
  kept = null;
  process.send({ begins: index });
  largestAllocation();
  try {
    await run(randomOf(seed * 7919 + index), (path) => {
      kept = path;
    });
    const allocated = largestAllocation();
    if (allocated > MOST_ALLOCATED) throw new Error(`${allocated} bytes were allocated at once for a small input`);
    const { rss } = process.memoryUsage();
    if (rss > MOST_RESIDENT) throw new Error(`the process takes ${rss} bytes`);
  } catch (error) {
    tell(index, error);
  }
  // What was started in the background gets its turn.
  if (index % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
}

/** A copy of the file that shows a defect: the next case writes over it. */
function keep(index) {
  if (kept === null) return null;
  mkdirSync(keepIn, { recursive: true });
  const copy = join(keepIn, `${target}-${seed}-${index}-${basename(kept)}`);
  copyFileSync(kept, copy);
  return copy;
}

function tell(index, error) {
  defects++;
  process.send({ defect: error.stack ?? String(error), at: index, path: keep(index) });
}
