// npm run check: every rule of the house that a machine can see, one line each; details only where it is broken.
// npm run check -- WORD runs the checks with WORD in their title.
import { mkdirSync, writeFileSync } from 'node:fs';
import * as committed from './check/committed.mjs';
import * as errorCodes from './check/error-codes.mjs';
import * as floors from './check/floors.mjs';
import * as imports from './check/imports.mjs';
import * as indexFiles from './check/index-files.mjs';
import * as size from './check/size.mjs';
import { tools } from './check/tools.mjs';
import { at } from './lib/run.mjs';
import { setup } from './setup/setup.mjs';

const SHOWN = 40;
const [word = ''] = process.argv.slice(2);
const checks = [...tools, imports, floors, size, indexFiles, errorCodes, committed].filter(({ title }) =>
  title.includes(word),
);

await setup({ build: false });
let failed = 0;
for (const { title, check } of checks) {
  const since = performance.now();
  const { problems, remarks = [] } = await attempt(check);
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  if (problems.length > 0) failed++;
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'}  ${title}  (${seconds} s)`);
  for (const line of [...problems.slice(0, SHOWN), ...remarks.map((remark) => `remark: ${remark}`)])
    console.log(`      ${line}`);
  if (problems.length > SHOWN) console.log(`      and ${problems.length - SHOWN} more`);
}
console.log(`${checks.length - failed} checks passed, ${failed} failed`);
mkdirSync(at('.cache', 'ci'), { recursive: true });
writeFileSync(at('.cache', 'ci', 'check.json'), JSON.stringify({ passed: checks.length - failed, failed }));
process.exitCode = failed === 0 ? 0 : 1;

/** A check that crashes has failed. */
async function attempt(check) {
  try {
    return await check();
  } catch (error) {
    return { problems: [error.stack] };
  }
}
