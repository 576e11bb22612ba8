// npm run bench:scale: what an evaluation costs Redis, coordinator and workers. See docs/scale.md; --help for flags.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from './run/machine.mjs';
import { runShards } from './scale/shards.mjs';

const USAGE = `npm run bench:scale -- [--shards LIST] [--workers N] [--threads N] [--commands] [--profile FOLDER] [--json FILE]

  --shards LIST     numbers of shards, one evaluation each; default 10000,100000,1000000
  --workers N       worker processes; default 1
  --threads N       threads of each; default 2
  --commands        also print what Redis took for its costliest commands
  --profile FOLDER  write a CPU profile of each process there (as of node --cpu-prof)
  --json FILE       write all figures there as well`;

const string = { type: 'string' };
const { values: flags } = parseArgs({
  options: {
    shards: { type: 'string', default: '10000,100000,1000000' },
    workers: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    commands: { type: 'boolean' },
    profile: string,
    json: string,
    help: { type: 'boolean' },
  },
});
if (flags.help) {
  console.log(USAGE);
  process.exit(0);
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'lossmill-scale-'));
  const { cpu, processors, memoryGiB, system, load } = machine();
  console.log(
    `${cpu}, ${processors} processors, ${memoryGiB} GiB, ${system}, node ${process.versions.node}; load ${load.join(' ')}`,
  );
  console.log(
    `${flags.workers} workers of ${flags.threads} threads, one coordinator, Redis with an append-only file\n`,
  );
  const results = [];
  try {
    for (const shards of flags.shards.split(',').map(Number)) {
      const options = { workers: Number(flags.workers), threads: Number(flags.threads), profile: flags.profile, say };
      results.push(await runShards(folder, shards, options));
      say('');
      if (flags.commands) printCommands(results.at(-1));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  printTable(results);
  if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ machine: machine(), results }, null, 2)}\n`);
  return results.every(({ exact, counted, shards }) => exact && counted === shards) ? 0 : 1;
}

/** One line on a terminal that is overwritten; nothing where the output is kept. */
function say(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function printCommands({ shards, commands }) {
  for (const [name, calls, us] of commands)
    console.log(`  ${shards} shards  ${name.padEnd(12)} ${calls} calls, ${(us / shards).toFixed(2)} us a shard`);
}

const COLUMNS = [
  ['shards', ({ shards }) => shards.toLocaleString('en-US')],
  ['Redis peak MB', ({ redisPeakMB }) => redisPeakMB.toFixed(2)],
  ['Redis us/shard', ({ redisUs }) => redisUs.toFixed(2)],
  ['bytes in/shard', ({ redisBytes }) => redisBytes.toFixed(1)],
  ['coordinator MB', ({ coordinatorMB }) => coordinatorMB?.toFixed(0) ?? '?'],
  ['coordinator us/shard', ({ coordinatorUs }) => coordinatorUs.toFixed(1)],
  ['worker MB', ({ workerMB }) => workerMB?.toFixed(0) ?? '?'],
  ['worker us/shard', ({ workerUs }) => workerUs.toFixed(1)],
  ['shards/s', ({ shards, seconds }) => Math.round(shards / seconds).toLocaleString('en-US')],
  ['s', ({ seconds }) => seconds.toFixed(1)],
  ['s local', ({ localSeconds }) => localSeconds.toFixed(1)],
  ['counted', ({ counted, shards }) => (counted === shards ? 'all' : `${counted} of ${shards}`)],
  ['digest', ({ exact }) => (exact ? 'equal' : 'ANOTHER')],
];

function printTable(results) {
  console.log(`| ${COLUMNS.map(([name]) => name).join(' | ')} |`);
  console.log(`|${COLUMNS.map(() => '--:').join('|')}|`);
  for (const result of results) console.log(`| ${COLUMNS.map(([, text]) => text(result)).join(' | ')} |`);
}

process.exitCode = await main();
