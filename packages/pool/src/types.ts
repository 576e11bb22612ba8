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
  /** Threads to use, this one included; default one per processor, never more than shards. */
  threads?: number;
  /** Stops the evaluation; it then rejects with the signal's reason and leaves nothing behind. */
  signal?: AbortSignal;
  /** Called at most about ten times a second. */
  onProgress?: (progress: Progress) => void;
}
