// What passes between the threads. Apart from types.ts, so that the public types need no Node types to be read.
import type { MessagePort } from 'node:worker_threads';
import type { DatasetHandle } from '@lossmill/dataset';
import type { Plan } from '@lossmill/evaluation';
import type { OutputFile } from './output-types.js';
import type { PackedError } from './packed-error.js';

/** What one thread is given. */
export interface ThreadTask {
  plan: Omit<Plan, 'handle'>;
  handle: DatasetHandle;
  outputs: readonly OutputFile[];
  control: SharedArrayBuffer;
  port: MessagePort;
}

/** What a thread posts while it runs. */
export interface Delivery {
  partial: Uint8Array;
  shards: number;
}

/** What a thread ends with: its failure, if any, with the shard it happened in. */
export interface ThreadResult {
  failure: { shard: number; error: PackedError } | null;
}
