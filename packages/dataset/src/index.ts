export { createDictionary } from './dictionary.js';
export { DataError, type DataErrorCode } from './errors.js';
export { dropNpyPart, publishNpyPart } from './npy-publish.js';
export { createNpyFile, ensureNpyPart, type NpyFile, type NpyPart, npyHeader, openNpyPart } from './npy-writer.js';
export { numberText } from './number-text.js';

export { filesOfHandle, type OpenOptions, openDataset, reopenDataset } from './open.js';
export { type Access, accessFromEnvironment, checkRemote, shownUrl } from './storage/access.js';
export {
  abandonUpload,
  assembleObject,
  MOST_OBJECT_BYTES,
  type Piece,
  probeObject,
} from './storage/s3-assembly.js';
export { S3Objects } from './storage/s3-objects.js';
export { removeTemporaryFolder, temporaryFolder } from './storage/temporary-folder.js';

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
