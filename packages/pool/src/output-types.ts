// What of the outputs passes between threads and processes. Plain data.
import type { Plan } from '@lossmill/evaluation';

/** A .npy file or object that is written while shards are computed. */
export interface OutputFile {
  kind: 'rows' | 'gradient';
  /** Index of the loss. */
  loss: number;
  /** As a report names it. */
  path: string;
  /** Absolute path, or s3:// URI. */
  target: string;
  /** Where it stands until the end: a file beside it, or the s3:// beginning of objects of one shard each. */
  part: string;
  type: 'f4' | 'f8';
  /** [rows] or [rows, width] */
  shape: number[];
}

export interface OutputPlan {
  files: OutputFile[];
  /** Folders that are not there yet, outermost first. */
  folders: string[];
}

/** A plan and the files that its shards write. */
export interface WritingPlan extends Plan {
  outputs?: OutputPlan;
}
