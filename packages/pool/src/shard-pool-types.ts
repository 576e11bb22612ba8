// What passes between a ShardPool and its threads. Apart from shard-pool.ts, so that the thread does not load piscina.
import type { Access } from '@lossmill/dataset';
import type { PackedError } from './packed-error.js';

/** A plan as text in shared memory: every thread reads it where it lies, and only once. */
export interface SharedPlan {
  /** Names the plan; another plan has another key. */
  key: string;
  /** UTF-8 JSON. */
  text: SharedArrayBuffer;
  /** One word; other than 0: stop at the next chunk. */
  flag: SharedArrayBuffer;
}

export interface ShardTask extends SharedPlan {
  /** Shard numbers, ascending. */
  shards: number[];
}

/** Consecutive shards that went well. */
export interface ShardRun {
  first: number;
  count: number;
  rows: number;
  /** Bytes read from storage. */
  bytes: number;
  /** As of encodePartial. */
  partial: Uint8Array;
}

export interface PackedResult {
  runs: ShardRun[];
  failures: { shard: number; error: PackedError }[];
  stopped: boolean;
  ms: number;
}

export interface ThreadSetup {
  /** One word: datasets that threads hold open. */
  open: SharedArrayBuffer;
  /** Name of the broadcast channel over which threads hear what to put down. */
  channel: string;
  /** What may be read; without it everything. */
  access?: Access;
}

/** What a process of `runAlone` is given: processes share no memory. */
export interface AloneTask {
  text: Uint8Array;
  shards: number[];
  access?: Access;
}

export type AloneReply = { result: PackedResult } | { error: PackedError };
