// The processes that hold the programs: ours with the JavaScript peers, Python, and Python with the allocator's defaults.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Agent } from './agent.mjs';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

/** One thread each, whichever library reads it. */
const ONE_THREAD = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  XLA_FLAGS: '--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1',
};

/** Large temporaries are kept instead of being given back and faulted in again: what an expert sets. */
const TUNED_MALLOC = {
  MALLOC_MMAP_THRESHOLD_: '4294967296',
  MALLOC_TRIM_THRESHOLD_: '17179869184',
  MALLOC_TOP_PAD_: '268435456',
};

const NODE_AGENT = file('../node-agent.mjs');
const OTHER_NODE = 'node, other';

const STARTS = {
  node: { command: () => [process.execPath, NODE_AGENT], env: {} },
  [OTHER_NODE]: { command: (_, node) => [node, NODE_AGENT, 'ours-only'], env: {} },
  python: { command: (python) => [python, file('../../python/agent.py')], env: { ...ONE_THREAD, ...TUNED_MALLOC } },
  'python, default malloc': {
    command: (python) => [python, file('../../python/agent.py'), 'default-malloc'],
    env: ONE_THREAD,
  },
};

/** Starts agents on demand, pinned or free to use every processor, and keeps them. */
export class Agents {
  versions = {};
  #running = new Map();
  #python;
  #node;
  #pin;
  #why;

  /** `python` null: do not look for one, because of `why`. `node` undefined: no second Node. */
  constructor({ python, node, pin, why }) {
    this.#python = python;
    this.#node = node;
    this.#pin = pin;
    this.#why = why;
    if (python !== null && spawnSync(python, ['--version'], { stdio: 'ignore' }).status !== 0) {
      this.#python = null;
      this.#why = `${python} is not found`;
    }
  }

  /** The agents for a case, and what is missing: [{ name, why }]. */
  async forCase({ pinned, peers, brief }) {
    const names = Object.keys(STARTS).filter((name) => {
      if (name === OTHER_NODE) return this.#node !== undefined;
      return name === 'node' || (peers !== false && (name === 'python' || (pinned && !brief)));
    });
    const missing = [];
    const agents = [];
    for (const name of names) {
      if (name.startsWith('python') && this.#python === null) missing.push({ name: PEERS[name], why: this.#why });
      else agents.push(await this.#agent(name, pinned));
    }
    return { agents, missing };
  }

  async close() {
    const agents = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(agents.map((agent) => agent.close()));
  }

  async #agent(name, pinned) {
    const key = `${name}${pinned ? ', pinned' : ''}`;
    const known = this.#running.get(key);
    if (known) return known;
    const { command, env } = STARTS[name];
    const agent = new Agent(key, [...(pinned ? this.#pin : []), ...command(this.#python, this.#node)], env);
    this.#running.set(key, agent);
    const { versions } = await agent.call('hello');
    if (name === OTHER_NODE) this.versions[OTHER_NODE] = versions.node;
    else Object.assign(this.versions, versions);
    agent.label = name === OTHER_NODE ? `, node ${versions.node}` : '';
    return agent;
  }
}

const PEERS = {
  python: 'NumPy, torch, torch.compile, jax, onnxruntime, C++',
  'python, default malloc': 'torch, default malloc',
};
