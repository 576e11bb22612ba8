// The bench agent for everything that runs in Node: ours and the JavaScript peers.
import { createRequire } from 'node:module';
import { serve } from './serve.mjs';

const require = createRequire(import.meta.url);
/** Ours alone, as another version of Node runs it. */
const only = process.argv.includes('ours-only');
let releases = [];

await serve({ hello, prepare, release });

function hello() {
  const packages = ['@tensorflow/tfjs-core', '@duckdb/node-api', 'lossmill'];
  const versions = Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
  return { versions: { node: process.versions.node, v8: process.versions.v8, ...versions } };
}

/** The package.json nearest above the entry point: not every package exports its own. */
function versionOf(name) {
  const folders = require.resolve.paths(name);
  for (const folder of folders) {
    try {
      return require(`${folder}/${name}/package.json`).version;
    } catch {}
  }
  return 'not found';
}

async function prepare(kase) {
  await release();
  const parts = kase.kind === 'kernel' ? await kernelParts(kase) : await fileParts(kase);
  return {
    programs: parts.flatMap(({ programs }) => programs),
    missing: parts.flatMap(({ missing }) => missing),
    reference: parts[0].reference,
  };
}

async function kernelParts(kase) {
  const { load } = await import('./programs/load.mjs');
  const { ours, exactMean } = await import('./programs/ours.mjs');
  const data = load(kase);
  const mean = exactMean(data);
  const own = { ...(await ours(data)), reference: (elements) => mean(elements / (kase.classes ?? 1)) };
  if (only) return [own];
  const { twin } = await import('./programs/twin.mjs');
  const { plainJs } = await import('./programs/plain-js.mjs');
  const { tfjs } = await import('./programs/tfjs.mjs');
  const { duckdb } = await import('./programs/duckdb.mjs');
  const peers = [...(kase.short ? [twin] : []), ...(kase.peers === false ? [] : [plainJs, tfjs, duckdb])];
  return [own, ...(await all(peers.map((peer) => () => peer(data))))];
}

async function fileParts(kase) {
  const { npyEvaluations, flightsEvaluations } = await import('./programs/evaluations.mjs');
  const own = kase.kind === 'parquet' ? flightsEvaluations(kase) : npyEvaluations(kase);
  const { duckdbParquet } = await import('./programs/duckdb.mjs');
  const peers = kase.kind === 'parquet' && !only ? [() => duckdbParquet(kase)] : [];
  return [{ ...own, reference: () => own.programs[0].run() }, ...(await all(peers))];
}

async function all(makers) {
  const parts = [];
  for (const make of makers) {
    const part = await make();
    if (part.release) releases.push(part.release);
    parts.push(part);
  }
  return parts;
}

async function release() {
  for (const one of releases) await one();
  releases = [];
}
