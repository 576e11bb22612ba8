// npm run bench: seeded experiments beside real peers in one interleaved run. See docs/performance.md; --help for flags.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cases } from './cases/index.mjs';
import { readOptions } from './options.mjs';
import { Agents } from './run/agents.mjs';
import { runCase } from './run/case.mjs';
import { machine, pinning } from './run/machine.mjs';
import { markdown, writeBetweenMarks } from './run/markdown.mjs';
import { caseTable, verdictTable } from './run/table.mjs';
import { slowerThanTwin, verdicts } from './run/verdicts.mjs';

const options = readOptions(process.argv.slice(2));
const named = cases.filter(({ name }) => name === options.only);
const chosen =
  named.length > 0 ? named : cases.filter(({ name, group }) => name.includes(options.only) || group === options.only);
if (chosen.length === 0) {
  console.error(
    `error: no case has "${options.only}" in its name; there are: ${cases.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
process.exitCode = await main();

async function main() {
  const root = fileURLToPath(new URL('../../.cache/bench', import.meta.url));
  mkdirSync(root, { recursive: true });
  const folder = mkdtempSync(join(root, 'run-'));
  const pin = pinning();
  const agents = new Agents({
    python: options.python,
    node: options.node,
    pin,
    why: 'not looked for in the short form',
  });
  const results = [];
  const failed = [];
  const before = machine();
  printMachine(before, pin);
  try {
    for (const kase of chosen) {
      try {
        const result = await runCase(kase, { ...options, agents, folder, say });
        results.push({ ...result, verdicts: options.short ? [] : verdicts(result) });
        say('');
        printCase(result);
      } catch (error) {
        failed.push(`${kase.name}: ${error.message}`);
        console.error(`error: ${failed.at(-1)}`);
        await agents.close();
      }
    }
  } finally {
    await agents.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return finish(results, failed, before, agents.versions);
}

/** One line on a terminal that is overwritten; nothing where the output is kept. */
function say(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function printMachine({ cpu, processors, memoryGiB, system, load }, pin) {
  console.log(`${cpu}, ${processors} processors, ${memoryGiB} GiB, ${system}; load at the start ${load.join(' ')}`);
  const where = pin.length > 0 ? `pinned to processor ${pin.at(-1)}` : 'not pinned (no taskset)';
  console.log(
    `Kernel cases: one thread, ${where}. Programs of a round run one after the other; ratios are within rounds.`,
  );
}

function printCase(result) {
  console.log(`\n### ${result.name}, ${result.elements} ${result.unit}s\n\n${caseTable(result)}\n`);
  for (const { name, why } of result.missing) console.log(`- ${name}: ${why}`);
  if (result.drifted.length > 0)
    console.log(`- means that are off by their float32 sums: ${result.drifted.join(', ')}`);
  for (const text of result.wrong) console.log(`- WRONG VALUE: ${text}`);
}

/** A goal that is reached because the fastest peer is absent says little, so absent peers are named beside the verdicts. */
function printGoals(results) {
  const absent = results.flatMap(({ missing }) => missing.filter(({ why }) => why.includes('not found')));
  const names = [...new Set(absent.map(({ name }) => name))];
  console.log(`\n### Goals\n\n${verdictTable(results)}`);
  if (names.length > 0) console.log(`\nJudged without ${names.join(', ')}: not found.`);
}

/** Exit code 1 where a program computes something else than ours or, in the short form, a kernel is slower than its twin. */
function finish(results, failed, before, versions) {
  const after = machine();
  if (!options.short && verdictTable(results)) printGoals(results);
  const known = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  console.log(`\n${known.join(', ')}; load at the end ${after.load.join(' ')}`);
  const all = { version: 2, short: options.short, machine: before, loadAfter: after.load, versions, failed, results };
  if (options.json) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
  if (options.markdown) writeBetweenMarks(options.markdown, markdown(all));
  const wrong = results.reduce((count, result) => count + result.wrong.length, 0);
  const slow = options.short ? slowerThanTwin(results) : [];
  for (const text of slow) console.log(`TOO SLOW: ${text}`);
  if (options.short)
    console.log(`${results.length} cases ran, ${wrong} wrong values, ${slow.length} slower than their twins.`);
  return wrong + slow.length + failed.length === 0 ? 0 : 1;
}
