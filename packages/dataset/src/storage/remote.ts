import { type Access, checkRemote } from './access.js';
import { HttpStorage } from './http.js';
import { S3Storage } from './s3.js';
import type { StorageSettings } from './settings.js';
import { type ByteRange, type PinnedFile, type RemoteStat, type Sink, type Storage, schemeOf } from './storage.js';

/** All remote storages behind one: a URL's scheme decides. Nothing is asked of a URL that `access` does not allow. */
export class RemoteStorage implements Storage {
  readonly #access: Access | undefined;
  readonly #http: HttpStorage;
  readonly #s3: S3Storage;

  constructor(settings: StorageSettings, access: Access | undefined) {
    this.#access = access;
    this.#http = new HttpStorage(settings, access);
    this.#s3 = new S3Storage(settings, access);
  }

  stat(uri: string, signal?: AbortSignal): Promise<RemoteStat> {
    return this.#of(uri).stat(uri, signal);
  }

  read(file: PinnedFile, range: ByteRange, sink: Sink, signal?: AbortSignal): Promise<void> {
    return this.#of(file.path).read(file, range, sink, signal);
  }

  list(pattern: string, signal?: AbortSignal): Promise<string[]> {
    return this.#of(pattern).list(pattern, signal);
  }

  #of(uri: string): Storage {
    checkRemote(uri, this.#access);
    return schemeOf(uri) === 's3' ? this.#s3 : this.#http;
  }
}
