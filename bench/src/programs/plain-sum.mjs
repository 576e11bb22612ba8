// The plain float64 sum of the same row losses: what exactness costs is measured against it.
import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

let plainModule = null;

/** The same loads and row losses with four lanes of float64 additions, or null where there is no such program. */
export async function plainSum({ wasmMemory, at, kase }) {
  if ((kase.loss !== 'mse' && kase.loss !== 'mae') || kase.pass !== 'value' || kase.type !== 'f32') return null;
  plainModule ??= await compile();
  const { exports } = new WebAssembly.Instance(plainModule, { env: { memory: wasmMemory } });
  const sum = exports[`${kase.loss}_plain_sum_f32`];
  return (n) => sum(at.p, at.y, n);
}

async function compile() {
  const source = readFileSync(new URL('../../assembly/plain-sums.ts', import.meta.url), 'utf8');
  const options = { optimizeLevel: 3, noAssert: true, runtime: 'stub', importMemory: true, enable: ['simd'] };
  const { binary, error } = await asc.compileString(source, options);
  if (error) throw error;
  return new WebAssembly.Module(binary);
}
