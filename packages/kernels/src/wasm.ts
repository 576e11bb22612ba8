import type { ClassificationExports } from './classification-exports.js';
import type { ExactExports } from './exact-exports.js';
import { WASM_BASE64 } from './generated/wasm-code.js';
import type { MarginExports } from './margin-exports.js';
import { KernelMemory } from './memory.js';
import type { RegressionExports } from './regression-exports.js';
import type { RowExports } from './row-exports.js';
import type { GrowableMemory, WebAssemblyApi } from './webassembly.js';

/** Every kernel, by name. Pointers are byte offsets into `memory`, counts are elements. */
export interface KernelExports
  extends ExactExports,
    RegressionExports,
    RowExports,
    ClassificationExports,
    MarginExports {}

export interface KernelOptions {
  /** Bytes to reserve for buffers at once; memory grows when more is allocated. */
  initialBytes?: number;
  /** A WebAssembly.Memory of at least two pages to live in, all zero, for callers that share it with another module. */
  memory?: GrowableMemory;
}

/** One wasm instance with its own memory. Not shared between threads: make one per thread. */
export interface Kernels {
  readonly exports: KernelExports;
  readonly memory: KernelMemory;
}

declare const WebAssembly: WebAssemblyApi;

const PAGE = 65536;
const MODULE_PAGES = 2;

/** Makes an independent instance of the kernels. Costs about a millisecond; keep it. */
export function createKernels(options: KernelOptions = {}): Kernels {
  const pages = MODULE_PAGES + Math.ceil((options.initialBytes ?? 0) / PAGE);
  const memory = options.memory ?? new WebAssembly.Memory({ initial: pages });
  const module = new WebAssembly.Module(Buffer.from(WASM_BASE64, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = exports as unknown as KernelExports & { heap_base(): number };
  return { exports: kernels, memory: new KernelMemory(memory, kernels.heap_base()) };
}
