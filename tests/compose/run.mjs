// npm run test:compose: docker-compose.yml for real. Builds the image, starts the cluster with 4 workers, and evaluates
// from inside, from the host, and while containers are killed, scaled away and Redis is restarted: the digest must be the
// one of a local evaluation each time. npm run test:compose -- image ends before the cluster starts.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findEngine } from './engine.mjs';
import { at, DATA, IMAGE, openProject, output, writeData } from './project.mjs';

const ROWS = 16_000_000;
const LARGEST_IMAGE = 500e6;
const NOT_IN_THE_IMAGE = /onnx|chromium|puppeteer|playwright|assemblyscript|typescript|vitest|tensorflow|valkey/;
// So many losses, and shards so small, that the workers have half a minute to do and are met in the middle of it.
const LOSSES = Array.from({ length: 100 }, (_, i) => `bce:pos_weight=${1 + i / 10}`);
const flagsFor = (folder) => [
  ...LOSSES.flatMap((loss) => ['--loss', loss]),
  ...['--pred', `${folder}p.npy`, '--target', `${folder}y.npy`, '--json'],
];
const FLAGS = flagsFor('');
// The host has no /data: it names the files as the workers see them.
const FLAGS_OF_HOST = flagsFor('/data/');
const SHARDS = ['--shard-rows', '16384'];

const LOSSMILL = [process.execPath, at('apps/cli/bin/lossmill.js')];

const OPEN = ['queued', 'running', 'reducing'];

const engine = findEngine();
if (engine.reason !== undefined) {
  console.error(`\n!!! docker-compose.yml was NOT TESTED: ${engine.reason}.\n`);
  process.exit(1);
}
const imageOnly = process.argv.slice(2).includes('image');
const { docker, compose, url } = await openProject(engine);
const results = { passed: 0, failed: 0 };
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => cleanUp().finally(() => process.exit(1)));
let oracle = '';
let oracleOfHost = '';

try {
  await step('docker compose config and build', async () => {
    await compose('config', '--quiet');
    await compose('build');
  });
  await step('image: small, not root, only what runs', checkImage);
  await step('image: evaluates as the host does', checkLocalEvaluation);
  await step('redis: evicts nothing, keeps its data over a restart', checkRedis);
  if (!imageOnly && results.failed === 0) await cluster();
} finally {
  await cleanUp().catch(({ message }) => {
    results.failed++;
    console.log(message);
  });
}
console.log(`${results.passed} passed, ${results.failed} failed`);
mkdirSync(at('.cache/ci'), { recursive: true });
writeFileSync(at('.cache/ci/compose.json'), JSON.stringify(results));
process.exitCode = results.failed === 0 ? 0 : 1;

async function cluster() {
  await step('up with 4 workers, all healthy', checkHealth);
  await step('evaluation from inside', async () => assert.equal(await digestOfMany(inside('eval', ...FLAGS)), oracle));
  await step('evaluation from the host', async () =>
    assert.equal(await digestOfMany(onHost('eval', ...FLAGS_OF_HOST, '--redis', url)), oracleOfHost),
  );
  await step('a worker killed in the middle', () => inTheMiddle([killWorker]));
  await step('a coordinator killed in the middle', () =>
    inTheMiddle([async () => crash('coordinator', ...(await containers('coordinator')))]),
  );
  await step('scaled 4 -> 1 -> 6 in the middle', () => inTheMiddle([() => scale(1), () => scale(6)]));
  await step('redis restarted in the middle', () => inTheMiddle([() => compose('restart', 'redis')]));
  await step('all stop in good order', checkStop);
}

/** Docker's own view of the containers, the probes behind it, and what Prometheus would find at each worker. */
async function checkHealth() {
  await scale(4);
  const ids = [...(await containers('worker')), ...(await containers('coordinator'))];
  const states = await docker('inspect', '--format', '{{.State.Health.Status}}', ...ids);
  assert.deepEqual(
    states.split('\n'),
    ids.map(() => 'healthy'),
  );
  const program = `const [ready, metrics] = await Promise.all(['readyz', 'metrics'].map((path) => fetch('http://worker:9464/' + path)));
    console.log(ready.status + ' ' + /^lossmill_threads (\\d+)$/m.exec(await metrics.text())[1]);`;
  const seen = await compose('exec', '-T', 'coordinator', 'node', '--input-type=module', '-e', program);
  assert.match(seen, /^200 [1-9]\d*$/);
}

async function cleanUp() {
  await compose('down', '--volumes', '--remove-orphans', '--timeout', '5').finally(engine.stop);
}

async function step(title, work) {
  const since = performance.now();
  const end = (mark) => console.log(`${mark}  ${title}  (${((performance.now() - since) / 1000).toFixed(1)} s)`);
  try {
    await work();
    results.passed++;
    end('ok  ');
  } catch (error) {
    results.failed++;
    end('FAIL');
    console.log(error.message);
  }
}

async function checkImage() {
  const size = Number(await docker('image', 'inspect', '--format', '{{.Size}}', IMAGE));
  console.log(`      ${Math.round(size / 1e6)} MB`);
  assert.ok(size < LARGEST_IMAGE, `the image has ${size} bytes, more than ${LARGEST_IMAGE}`);
  const program = 'console.log(process.getuid() + " " + require("fs").readdirSync("/app/node_modules/.pnpm"))';
  const [uid, packages] = (await docker('run', '--rm', IMAGE, 'node', '-e', program)).split(' ');
  assert.equal(uid, '1000');
  assert.deepEqual(
    packages.split(',').filter((name) => NOT_IN_THE_IMAGE.test(name)),
    [],
  );
}

async function checkLocalEvaluation() {
  writeData(ROWS);
  oracle = await digest(onHost('eval', ...FLAGS));
  const inImage = (flags) =>
    digest(docker('run', '--rm', '-v', `${DATA}:/data:ro`, IMAGE, 'lossmill', 'eval', ...flags));
  assert.equal(await inImage(FLAGS), oracle);
  oracleOfHost = await inImage(FLAGS_OF_HOST);
}

async function checkRedis() {
  const redis = (...args) => compose('exec', '-T', 'redis', 'redis-cli', ...args);
  await compose('up', '--detach', '--wait', 'redis');
  assert.match(await redis('CONFIG', 'GET', 'maxmemory-policy'), /noeviction/);
  await redis('SET', 'kept', 'yes');
  await compose('restart', 'redis');
  await compose('up', '--detach', '--wait', 'redis');
  assert.equal(await redis('GET', 'kept'), 'yes');
  await redis('DEL', 'kept');
}

/** In the folder where p.npy and y.npy lie: /data there, the mounted folder here. */
function inside(...args) {
  return compose('exec', '-T', 'coordinator', 'lossmill', ...args);
}

function onHost(...args) {
  return output([...LOSSMILL, ...args], { cwd: DATA });
}

async function digest(report) {
  return JSON.parse(await report).digest;
}

/** The digest of a report that several workers had a part in. */
async function digestOfMany(report) {
  const { digest, run } = JSON.parse(await report);
  assert.ok(run.workers > 1, `${run.workers} worker computed it all`);
  return digest;
}

function scale(workers) {
  return compose('up', '--detach', '--wait', '--no-build', '--no-recreate', '--scale', `worker=${workers}`);
}

/** Submits, makes each disturbance while shards are still to be counted, and holds the report against the oracle. */
async function inTheMiddle(disturbances) {
  await scale(4);
  const { id } = JSON.parse(await inside('submit', ...FLAGS, ...SHARDS, '--detach'));
  for (const disturb of disturbances) {
    await untilUnderWay(id);
    await disturb();
  }
  await until(id, ({ state }) => !OPEN.includes(state), 300);
  const report = JSON.parse(await onHost('result', id, '--json', '--redis', url));
  assert.equal(report.digest, oracle);
  const { planned, counted } = report.run.shards;
  assert.equal(counted, planned);
  console.log(`      ${JSON.stringify(report.run.shards)}`);
}

/** Until a fifth of the shards is counted; that all are is too late. */
function untilUnderWay(id) {
  return until(id, ({ state, shards }) => {
    assert.ok(OPEN.includes(state), `${id} is ${state} already: too late to disturb it`);
    return shards.planned > 0 && shards.counted > shards.planned / 5;
  });
}

/** Looks from the host, whatever happens to the containers meanwhile; a Redis that is away for a moment is asked again. */
async function until(id, reached, seconds = 120) {
  let last = '';
  for (const since = performance.now(); performance.now() - since < 1000 * seconds; await sleep(200)) {
    last = await onHost('status', id, '--json', '--redis', url).catch(({ message }) => message);
    if (last.startsWith('{') && reached(JSON.parse(last))) return;
  }
  throw new Error(`${id} did not get there in ${seconds} s: ${last}`);
}

async function containers(service) {
  return (await compose('ps', '--quiet', service)).split('\n');
}

/** Kills a whole container, which Docker then leaves dead, and the process of another, which it starts again. */
async function killWorker() {
  const [first, second] = await containers('worker');
  await docker('kill', first);
  await crash('worker', second);
}

/** Kills the process in a container as a crash would: Docker starts it again. */
async function crash(role, container) {
  const program = `for (const id of fs.readdirSync('/proc').filter(Number)) try {
    if (id > 1 && fs.readFileSync('/proc/' + id + '/cmdline', 'utf8').includes('lossmill\\0${role}')) process.kill(id, 9);
  } catch {}`;
  const restarts = async () => Number(await docker('inspect', '--format', '{{.RestartCount}}', container));
  const before = await restarts();
  // The container ends, and this command with it.
  await docker('exec', container, 'node', '-e', program).catch(() => {});
  for (let tries = 0; tries < 50 && (await restarts()) === before; tries++) await sleep(100);
  assert.ok((await restarts()) > before, `the ${role} was not started again`);
}

async function checkStop() {
  await compose('stop', 'worker', 'coordinator');
  const ids = (await compose('ps', '--all', '--quiet', 'worker', 'coordinator')).split('\n');
  const codes = await docker('inspect', '--format', '{{.State.ExitCode}}', ...ids);
  assert.deepEqual([...new Set(codes.split('\n'))], ['0']);
}
