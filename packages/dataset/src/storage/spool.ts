import { join } from 'node:path';
import { DataError } from '../errors.js';
import type { Access } from './access.js';
import { Mirror } from './mirror.js';
import { RemoteStorage } from './remote.js';
import { type StorageSettings, storageSettings } from './settings.js';
import type { PinnedFile, Storage } from './storage.js';
import { removeTemporaryFolder, temporaryFolder } from './temporary-folder.js';

/** All mirrors of this thread: the limit holds for them together. */
const mirrors = new Set<Mirror>();
/** Share of the limit that is kept for later; what is beyond is dropped as soon as nobody needs it. */
const KEPT = 1 / 8;

/** The remote files of a dataset, as far as they are here: in a temporary folder that close removes. */
export class Spool {
  readonly storage: Storage;
  readonly #settings: StorageSettings;
  readonly #mirrors = new Map<string, Mirror>();
  #folder: string | null = null;

  constructor(access: Access | undefined, settings: StorageSettings = storageSettings(), storage?: Storage) {
    this.#settings = settings;
    this.storage = storage ?? new RemoteStorage(settings, access);
  }

  /** The mirror of a file; made on first use. */
  mirror(file: PinnedFile): Mirror {
    const known = this.#mirrors.get(file.path);
    if (known) return known;
    this.#folder ??= temporaryFolder('remote');
    const { uri, path, bytes, remote } = file;
    const mirror = new Mirror(
      { uri, path, bytes, remote },
      join(this.#folder, String(this.#mirrors.size)),
      this.storage,
      (target, more) => this.#reserve(target, more),
    );
    this.#mirrors.set(path, mirror);
    mirrors.add(mirror);
    return mirror;
  }

  /** Drops what is on disk beyond what is worth keeping, as far as nobody needs it. */
  relax(): void {
    if (held() > this.#settings.spoolBytes * KEPT) dropIdle(null);
  }

  #reserve(target: Mirror, bytes: number): void {
    const most = this.#settings.spoolBytes;
    if (held() + bytes > most) dropIdle(target);
    const now = held();
    if (now + bytes <= most) return;
    const { uri } = target.file;
    throw new DataError(
      'LIMIT_EXCEEDED',
      `${uri}: ${bytes} bytes of it are needed at a time, but only ${Math.max(0, most - now)} of the ${most} bytes that one thread may keep of remote files are free. Raise the setting LOSSMILL_SPOOL_BYTES (and see that the temporary folder has room), or use Parquet, Arrow or .npy, of which only parts are fetched.`,
      { source: uri },
    );
  }

  async close(): Promise<void> {
    for (const mirror of this.#mirrors.values()) {
      await mirror.close();
      mirrors.delete(mirror);
    }
    this.#mirrors.clear();
    if (this.#folder === null) return;
    removeTemporaryFolder(this.#folder);
    this.#folder = null;
  }
}

const held = (): number => [...mirrors].reduce((sum, mirror) => sum + mirror.bytes, 0);

function dropIdle(except: Mirror | null): void {
  for (const mirror of mirrors) if (mirror !== except && mirror.idle && mirror.bytes > 0) mirror.drop();
}
