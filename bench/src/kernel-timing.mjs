// Times the fused exact sums against plain float64 sums, block moments and the adders, from memory and from cache.
// Usage: node bench/src/kernel-timing.mjs [rounds=9] [only=NAME-PART]
// The programs of one round run one after the other; ratios are medians over rounds of ratios within a round.
import { readFileSync } from 'node:fs';
import { createKernels } from '@lossmill/kernels';
import asc from 'assemblyscript/asc';

const rounds = Number(process.argv[2] ?? 9);
const only = process.argv[3] ?? '';
const DRAM = 1 << 24;
const CACHE = 1 << 16;
const CHUNK = 1 << 18;

async function plainSums(wasmMemory) {
  const source = readFileSync(new URL('../assembly/plain-sums.ts', import.meta.url), 'utf8');
  const options = { optimizeLevel: 3, noAssert: true, runtime: 'stub', importMemory: true, enable: ['simd'] };
  const { binary, error } = await asc.compileString(source, options);
  if (error) throw error;
  return new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory: wasmMemory } }).exports;
}

let state = 88172645463325252n;
function uniform() {
  state ^= (state << 13n) & 0xffffffffffffffffn;
  state ^= state >> 7n;
  state ^= (state << 17n) & 0xffffffffffffffffn;
  return (Number(state >> 11n) + 0.5) / 2 ** 53;
}
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
const distributions = {
  normal,
  cauchy: () => Math.tan(Math.PI * (uniform() - 0.5)),
  'lognormal(4)': () => Math.exp(4 * normal()),
  '1e-30..1e30': () => 10 ** (60 * (uniform() - 0.5)),
};

/** Fills a view with one pool of values, repeated: drawing 2^24 of them would take longer than the measurement. */
function fill(view, draw) {
  const pool = Float64Array.from({ length: Math.min(view.length, 1 << 17) }, draw);
  for (let i = 0; i < view.length; i += pool.length) view.set(pool, i);
}

const wasmMemory = new WebAssembly.Memory({ initial: 2 });
const { exports: run, memory } = createKernels({ memory: wasmMemory });
const plain = await plainSums(wasmMemory);
const P = memory.allocate(DRAM * 8);
const Y = memory.allocate(DRAM * 8);
const OUT = memory.allocate(DRAM * 8);
const acc = memory.allocate(1152);

/** Runs `body(offset, count)` in calls of CHUNK elements and returns ns per element, the best of `repeats`. */
function time(body, n) {
  const repeats = n > CHUNK ? 1 : 40;
  const started = performance.now();
  for (let r = 0; r < repeats; r++) {
    for (let i = 0; i < n; i += CHUNK) body(i, Math.min(CHUNK, n - i));
  }
  return ((performance.now() - started) / repeats / n) * 1e6;
}

const f32 = (pointer, i) => pointer + 4 * i;
const f64 = (pointer, i) => pointer + 8 * i;
const programs = {
  f32: {
    'mse plain': (i, n) => plain.mse_plain_sum_f32(f32(P, i), f32(Y, i), n),
    'mse exact': (i, n) => run.mse_sum_f32(f32(P, i), f32(Y, i), n, 0, acc),
    'mae plain': (i, n) => plain.mae_plain_sum_f32(f32(P, i), f32(Y, i), n),
    'mae exact': (i, n) => run.mae_sum_f32(f32(P, i), f32(Y, i), n, 0, acc),
    'huber exact': (i, n) => run.huber_sum_f32(f32(P, i), f32(Y, i), n, 1, 0, acc),
    'error exact': (i, n) => run.error_sum_f32(f32(P, i), f32(Y, i), n, 0, acc),
    'mse exact, rows kept': (i, n) => run.mse_sum_f32(f32(P, i), f32(Y, i), n, OUT, acc),
    'mae exact, rows kept': (i, n) => run.mae_sum_f32(f32(P, i), f32(Y, i), n, OUT, acc),
  },
  f64: {
    'sum plain': (i, n) => plain.plain_sum_f64(f64(P, i), n),
    'sum exact': (i, n) => run.exact_add_f64(acc, f64(P, i), n),
    'products exact': (i, n) => run.exact_add_products_f64(acc, f64(P, i), f64(Y, i), n),
    'mse exact': (i, n) => run.mse_sum_f64(f64(P, i), f64(Y, i), n, 0, acc),
    'mae exact': (i, n) => run.mae_sum_f64(f64(P, i), f64(Y, i), n, 0, acc),
    moments: (i, n) => run.moments_f64(f64(P, i), n, OUT),
    'moments weighted': (i, n) => run.moments_weighted_f64(f64(P, i), f64(Y, i), n, OUT),
  },
};

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

function measure(type, n, label) {
  const chosen = Object.entries(programs[type]).filter(([name]) => name.includes(only));
  const times = Object.fromEntries(chosen.map(([name]) => [name, []]));
  for (let r = -2; r < rounds; r++) {
    for (const [name, body] of chosen) {
      run.exact_reset(acc);
      const ns = time(body, n);
      if (r >= 0) times[name].push(ns);
    }
  }
  for (const [name, values] of Object.entries(times)) {
    const base = times[`${name.split(' ')[0]} plain`];
    const ratio = base ? `${median(values.map((v, r) => v / base[r])).toFixed(2)}x plain` : '';
    console.log(
      `${label.padEnd(28)} ${type} ${name.padEnd(22)} best ${Math.min(...values).toFixed(3)}  median ${median(values).toFixed(3)} ns  ${ratio}`,
    );
  }
}

for (const [name, draw] of Object.entries(distributions)) {
  for (const type of ['f32', 'f64']) {
    const size = type === 'f32' ? DRAM : DRAM / 2;
    fill(memory[type](P, size), draw);
    fill(memory[type](Y, size), name === 'normal' ? draw : () => 0);
    measure(type, CACHE / 4, `${name}, cache`);
    if (name === 'normal') measure(type, size, `${name}, memory`);
  }
}
