// npm run bench:scale: what an evaluation costs Redis, coordinator and workers. See docs/scale.md; --help for flags.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from './run/machine.mjs';
import { runShards } from './scale/shards.mjs';
import { runThroughput } from './scale/throughput.mjs';

const USAGE = `npm run bench:scale -- [shards | throughput] [FLAGS]

  shards            evaluations of many tiny shards: what each costs Redis, coordinator and workers (default)
  throughput        files of some size beside the local evaluation

  --rounds N        rounds of throughput; default 5
  --only NAME       the data sets of throughput whose name contains it
  --shards LIST     numbers of shards, one evaluation each; default 10000,100000,1000000
  --workers N       worker processes; default 1
  --threads N       threads of each; default 2
  --commands        also print what Redis took for its costliest commands
  --profile FOLDER  write a CPU profile of each process there (as of node --cpu-prof)
  --json FILE       write all figures there as well`;

const string = { type: 'string' };
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
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
  // However it ends: the files are large.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const { cpu, processors, memoryGiB, system, load } = machine();
  const versions = `node ${process.versions.node}; load ${load.join(' ')}`;
  console.log(`${cpu}, ${processors} processors, ${memoryGiB} GiB, ${system}, ${versions}`);
  const results = positionals[0] === 'throughput' ? await throughput(folder) : await shards(folder);
  if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ machine: machine(), results }, null, 2)}\n`);
  return results.every(({ fine = true }) => fine) ? 0 : 1;
}

async function throughput(folder) {
  const results = await runThroughput(folder, Number(flags.rounds), flags.only, say);
  say('');
  printTable(THROUGHPUT, results);
  return results;
}

async function shards(folder) {
  console.log(
    `workers ${flags.workers}, threads of each ${flags.threads}, one coordinator, Redis with an append-only file\n`,
  );
  const results = [];
  for (const count of flags.shards.split(',').map(Number)) {
    const options = { workers: Number(flags.workers), threads: Number(flags.threads), profile: flags.profile, say };
    const result = await runShards(folder, count, options);
    results.push({ ...result, fine: result.exact && result.counted === count });
    say('');
    if (flags.commands) printCommands(result);
  }
  printTable(COLUMNS, results);
  return results;
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
  ['commits', ({ commits }) => commits.toLocaleString('en-US')],
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

const times = (what) => [
  [`${what}: local s`, (row) => row[what].local.toFixed(2)],
  ['cluster s', (row) => row[what].cluster.toFixed(2)],
  [
    'ratio [range]',
    ({ [what]: { ratio, least, most } }) => `${ratio.toFixed(2)} [${least.toFixed(2)}..${most.toFixed(2)}]`,
  ],
  ['best/best', ({ [what]: { bestLocal, bestCluster } }) => (bestCluster / bestLocal).toFixed(2)],
];

const THROUGHPUT = [
  ['data', ({ set }) => set],
  ['MB', ({ bytes }) => (bytes / 1e6).toFixed(0)],
  ['cluster of', ({ fleet }) => fleet],
  ...times('run'),
  ...times('total'),
];

function printTable(columns, rows) {
  console.log(`| ${columns.map(([name]) => name).join(' | ')} |`);
  console.log(`|${columns.map(() => '--:').join('|')}|`);
  for (const row of rows) console.log(`| ${columns.map(([, text]) => text(row)).join(' | ')} |`);
}

process.exitCode = await main();
