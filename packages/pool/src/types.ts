import type { DatasetHandle } from '@lossmill/dataset';
import type { Plan } from '@lossmill/evaluation';

/** What a running evaluation tells from time to time. */
export interface Progress {
  rowsDone: number;
  rowsTotal: number;
  /** Bytes read from storage so far. */
  bytes: number;
  threads: number;
  phase: 'planning' | 'evaluating' | 'reporting';
}

export interface RunOptions {
  /** Threads to use; default one per processor, never more than shards. One thread: in this one. */
  threads?: number;
  /** Stops the evaluation; it then rejects with the signal's reason and leaves nothing behind. */
  signal?: AbortSignal;
  /** Called at most about ten times a second. */
  onProgress?: (progress: Progress) => void;
}

/** Temporary files of one kind of output, one per loss. */
export interface OutputFiles {
  losses: string[] | null;
  gradient: string[] | null;
  /** Prediction values a row. */
  width: number;
}

/** What one thread is given. */
export interface ThreadTask {
  plan: Omit<Plan, 'handle'>;
  handle: DatasetHandle;
  outputs: OutputFiles;
  control: SharedArrayBuffer;
  port: MessagePort;
}

export interface ThreadResult {
  bytesRead: number;
  shards: number;
  /** The first failure of this thread, if any, with the shard it happened in. */
  failure: { shard: number; error: PackedError } | null;
}

export interface PackedError {
  name: string;
  message: string;
  code: string | null;
  where: object | null;
  stack: string | null;
}

type MessagePort = import('node:worker_threads').MessagePort;
