export { createDictionary } from './dictionary.js';
export { DataError, type DataErrorCode } from './errors.js';
export { createNpyFile, type NpyFile, type NpyPart, openNpyPart } from './npy-writer.js';
export { numberText } from './number-text.js';

export { filesOfHandle, type OpenOptions, openDataset, reopenDataset } from './open.js';
export { type Access, accessFromEnvironment, checkRemote, shownUrl } from './storage/access.js';

export type {
  Buffer,
  Column,
  ColumnRead,
  ColumnType,
  Cursor,
  DataSpec,
  Dataset,
  DatasetHandle,
  Description,
  Dictionary,
  NumberBuffer,
  NumberType,
  Source,
  TextBuffer,
} from './types.js';
