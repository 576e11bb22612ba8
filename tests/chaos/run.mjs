// npm run test:chaos: real processes and a real Redis die, hang and forget in every way of scenarios/; what comes out is
// compared with the evaluation of one process, to the last bit. --seeds N, --seed S, --only NAME.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Cluster } from './cluster.mjs';
import { writeData } from './data.mjs';
import { PATIENCE } from './patience.mjs';
import { command } from './processes.mjs';
import { randomOf } from './random.mjs';
import { nativeServer } from './redis.mjs';
import { scenarios } from './scenarios/index.mjs';

const SHARDS = 400;
const FEW_SHARDS = 20;
const LIMIT_MS = 2 * PATIENCE;
const RESULTS = fileURLToPath(new URL('../../.cache/ci/', import.meta.url));

const { values } = parseArgs({
  options: { seeds: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const first = values.seed === undefined ? Math.floor(Math.random() * 1e6) : Number(values.seed);
const seeds = Array.from({ length: Number(values.seeds ?? 1) }, (_, i) => first + i);
const chosen = scenarios.filter(({ name }) => name.startsWith(values.only ?? ''));
if (chosen.length === 0) throw new Error(`no scenario is named ${values.only}: ${scenarios.map(({ name }) => name)}`);

nativeServer();
console.log(`seeds ${seeds.join(', ')}: once more with --seed ${first}`);
const data = mkdtempSync(join(tmpdir(), 'lossmill-chaos-data-'));
process.on('exit', () => rmSync(data, { recursive: true, force: true }));
const load = await withOracle('many', SHARDS);
const little = await withOracle('few', FEW_SHARDS);

let passed = 0;
let failed = 0;
for (const seed of seeds) for (const scenario of chosen) (await attempt(scenario, seed)) ? passed++ : failed++;
mkdirSync(RESULTS, { recursive: true });
writeFileSync(join(RESULTS, 'chaos.json'), JSON.stringify({ passed, failed }));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** A spec, and what one process makes of it. */
async function withOracle(name, shards) {
  const spec = writeData(data, name, shards);
  const path = join(data, `${name}.json`);
  writeFileSync(path, JSON.stringify(spec));
  const { code, out, err } = await command(process.env, ['eval', '--spec', path, '--threads', '1', '--json']);
  if (code !== 0) throw new Error(`the evaluation in one process ended with ${code}: ${err}`);
  return { spec, shards, digest: JSON.parse(out).digest };
}

async function attempt({ name, play, cluster: options = {}, settings }, seed) {
  const cluster = new Cluster({ data, settings });
  const since = Date.now();
  const seconds = () => ((Date.now() - since) / 1000).toFixed(1);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    const playing = cluster.start(options).then(() => play({ cluster, random: randomOf(seed), load, little }));
    const remark = await Promise.race([playing, late]);
    console.log(`ok    ${name}, seed ${seed}  (${seconds()} s)  ${typeof remark === 'string' ? remark : ''}`);
    return true;
  } catch (error) {
    console.log(`FAIL  ${name}, seed ${seed}  (${seconds()} s)  ${error.message}`);
    console.log([...cluster.events, error.stack, cluster.logs()].join('\n'));
    return false;
  } finally {
    clearTimeout(timer);
    await cluster.stop();
    cluster.remove();
  }
}
