import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalFile, openLocalFile } from '../storage/file.js';
import { removeTemporaryFolder, temporaryFolder } from '../storage/temporary-folder.js';
import type { DescribedFile } from './format.js';
import { InflatedMember } from './inflated-member.js';
import type { ZipMember } from './zip.js';

const chunkBytes = 1024 * 1024;

/**
 * Deflated members that need random access (column-major arrays): inflated once into a temporary file each, which is removed
 * when the dataset is closed.
 */
export class SpooledMembers {
  readonly #open = new Map<string, Promise<LocalFile>>();
  #folder: string | null = null;

  open(file: DescribedFile, member: ZipMember): Promise<LocalFile> {
    const key = `${member.offset} ${file.path}`;
    let spooled = this.#open.get(key);
    if (!spooled) {
      spooled = this.#spool(file, member, this.#open.size);
      this.#open.set(key, spooled);
    }
    return spooled;
  }

  async #spool(file: DescribedFile, member: ZipMember, index: number): Promise<LocalFile> {
    this.#folder ??= temporaryFolder('npz');
    const path = join(this.#folder, String(index));
    const source = openLocalFile(file);
    const inflated = new InflatedMember(source, file.uri, member);
    const descriptor = openSync(path, 'w');
    try {
      for (let done = 0; done < member.bytes; done += chunkBytes) {
        const chunk = new Uint8Array(Math.min(chunkBytes, member.bytes - done));
        await inflated.readInto(chunk, done);
        for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
      }
    } finally {
      closeSync(descriptor);
      await inflated.close();
      source.close();
    }
    return openLocalFile({ uri: file.uri, path });
  }

  async close(): Promise<void> {
    const files = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    for (const file of files) if (file.status === 'fulfilled') file.value.close();
    if (this.#folder) removeTemporaryFolder(this.#folder);
    this.#folder = null;
  }
}
