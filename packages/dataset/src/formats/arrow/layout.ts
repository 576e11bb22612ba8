import type { BatchPlace, DictionaryPlace } from './messages.js';
import type { ArrowField } from './plan.js';

/** What is kept of an Arrow file so that any row range can be read without looking at the file as a whole again. */
export type ArrowLayout = {
  fields: ArrowField[];
  batches: BatchPlace[];
  dictionaries: DictionaryPlace[];
  stream: boolean;
};
