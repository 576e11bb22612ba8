import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { DataError } from '../errors.js';
import type { LocalFile } from '../storage/file.js';
import type { ZipMember } from './zip.js';

const chunkBytes = 2 ** 20;
/** Other tasks of the thread get a turn after so many bytes. */
const breathBytes = 2 ** 25;

/**
 * Reads a stored member through and verifies its checksum. Cursors read row ranges, in any thread: none of them sees it whole.
 * @throws DataError FILE_CORRUPT
 */
export async function checkStored(
  source: LocalFile,
  uri: string,
  { name, offset, bytes, crc }: ZipMember,
  signal?: AbortSignal,
): Promise<void> {
  const chunk = new Uint8Array(Math.min(chunkBytes, bytes));
  let found = 0;
  for (let done = 0; done < bytes; done += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, bytes - done));
    source.readInto(part, offset + done);
    found = crc32(part, found);
    if (done % breathBytes !== 0 || done === 0) continue;
    await setImmediate();
    signal?.throwIfAborted();
  }
  if (found === crc) return;
  throw new DataError(
    'FILE_CORRUPT',
    `${uri}: member ${name} cannot be read: its checksum (CRC-32) is wrong: the content is damaged.`,
    { source: uri },
  );
}
