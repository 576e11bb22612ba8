// The project of docker-compose.yml as the tests run it: under a name, an image and a port of its own.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A file or folder of the repository. */
export const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const DATA = at('.cache/compose/data');
export const IMAGE = 'lossmill-test';
const FILES = ['docker-compose.yml', 'tests/compose/published.yml'].flatMap((file) => ['-f', at(file)]);

/**
 * Docker commands that must succeed, or throw with what they printed; each resolves to its standard output. `url` is where
 * the host finds the project's Redis.
 */
export async function openProject(engine) {
  const port = await freePort();
  mkdirSync(DATA, { recursive: true });
  const env = {
    ...process.env,
    LOSSMILL_IMAGE: IMAGE,
    LOSSMILL_DATA: DATA,
    LOSSMILL_TEST_REDIS_PORT: String(port),
  };
  const docker = (...args) => output(engine.words(args), { env });
  const compose = (...args) => docker('compose', '-p', IMAGE, ...FILES, ...args);
  return { docker, compose, url: `redis://127.0.0.1:${port}` };
}

/** Runs a command to its end and resolves to its standard output; any exit code but 0 throws. */
export function output([command, ...args], { env = process.env, cwd = at('.') } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    let said = '';
    child.stdout.on('data', (bytes) => (printed += bytes));
    child.stderr.on('data', (bytes) => (said = (said + bytes).slice(-4000)));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(printed.trim());
      const line = [command, ...args].join(' ');
      reject(new Error(`${line} ended with ${signal ?? code}:\n${said}${printed.slice(-2000)}`));
    });
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Two columns of seeded float32 numbers in [0, 1) as .npy, in the folder that the containers see as /data. */
export function writeData(rows) {
  let state = 20261122;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
  for (const name of ['p', 'y']) {
    const values = Float32Array.from({ length: rows }, random);
    writeFileSync(`${DATA}/${name}.npy`, npy(values));
  }
}

function npy(values) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length},), }`.padEnd(117);
  const head = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, 'latin1');
  return Buffer.concat([head, new Uint8Array(values.buffer)]);
}
