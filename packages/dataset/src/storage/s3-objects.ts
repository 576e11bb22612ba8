import { DataError } from '../errors.js';
import { type Access, checkRemote } from './access.js';
import { transientStatus } from './http.js';
import { type Answer, request, type Sent, type Target } from './http-request.js';
import { Transient, withRetries } from './retry.js';
import { listedKeys } from './s3-listing.js';
import { placeOf, type S3Method, type S3Place, S3Signer } from './s3-sign.js';
import { type StorageSettings, storageSettings } from './settings.js';

/** A server that uploads at 128 KiB a second is not taken for silent. */
const SLOWEST_BYTES_PER_MS = 128;

interface Asked {
  readonly method: S3Method;
  readonly query?: Record<string, string>;
  /** Those that are signed. */
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** Statuses beside 200 … 299 that are an answer and no error. */
  readonly accept?: readonly number[];
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Requests that write, copy and remove objects of an S3-compatible storage, each with retries. Every one may be sent twice. */
export class S3Objects {
  readonly #signer = new S3Signer();
  readonly #access: Access | undefined;
  readonly settings: StorageSettings;

  /** @param access URLs that may be written; without, all may */
  constructor(access?: Access, settings: StorageSettings = storageSettings()) {
    this.#access = access;
    this.settings = settings;
  }

  /** Writes an object whole: readers see all of it or nothing. */
  async put(uri: string, bytes: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<void> {
    await this.ask(uri, { method: 'PUT', body: bytes }, signal);
  }

  /** All bytes of an object, null where there is none. */
  async read(uri: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
    const { status, body } = await this.ask(uri, { method: 'GET', accept: [404] }, signal);
    return status === 404 ? null : body;
  }

  /** Removes an object if it is there. */
  async remove(uri: string, signal?: AbortSignal): Promise<void> {
    await this.ask(uri, { method: 'DELETE', accept: [404] }, signal);
  }

  /** Removes all objects whose URIs begin with the prefix, which ends with "/". */
  async removeAll(prefix: string, signal?: AbortSignal): Promise<void> {
    const { bucket, key } = placeOf(prefix);
    const query = { 'list-type': '2', 'max-keys': '1000', 'encoding-type': 'url', prefix: key };
    // The first page again and again: what it held is gone.
    for (let last = ''; ; ) {
      const { body } = await this.ask(prefix, { method: 'GET', query }, signal, { bucket, key: '/' });
      const { keys } = listedKeys(textOf(body), prefix);
      if (keys.length === 0 || keys[0] === last) return;
      last = keys[0];
      await eachOf(keys, 16, (name) => this.remove(`s3://${bucket}/${name}`, signal));
    }
  }

  /** Any request, repeated while it fails in a way that may pass. @throws DataError, the signal's reason */
  ask(
    uri: string,
    { accept = [], ...asked }: Asked,
    signal?: AbortSignal,
    place: S3Place = placeOf(uri),
  ): Promise<Told> {
    const timeoutMs = this.settings.timeoutMs + (asked.body?.length ?? 0) / SLOWEST_BYTES_PER_MS;
    return withRetries(
      uri,
      this.settings,
      async () => {
        const answer = await request(this.#target(uri, place, asked), sentOf(asked), timeoutMs, signal);
        const told = await toldOf(answer);
        refuse(uri, told, accept);
        return told;
      },
      { signal, what: asked.method === 'GET' ? 'read' : 'written' },
    );
  }

  #target(uri: string, place: S3Place, { method, query, headers }: Asked): Target {
    return {
      uri,
      redirects: null,
      url: () => {
        checkRemote(uri, this.#access, 'written');
        return this.#signer.sign(method, place, query, headers);
      },
    };
  }
}

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const sentOf = ({ method, headers, body }: Asked): Sent => ({ method, headers, ...(body ? { body } : {}) });

async function toldOf(answer: Answer): Promise<Told> {
  const chunks: Uint8Array[] = [];
  await answer.consume((bytes) => chunks.push(bytes) > 0);
  return { status: answer.status, headers: answer.headers, body: Buffer.concat(chunks) };
}

function refuse(uri: string, { status, headers, body }: Told, accept: readonly number[]): void {
  if ((status >= 200 && status < 300) || accept.includes(status)) return;
  const code = /<Code>([\w.]{1,60})<\/Code>/.exec(textOf(body.subarray(0, 4096)))?.[1] ?? '';
  const answered = `status ${status}${code === '' ? '' : `, ${code}`}`;
  if (transientStatus.has(status) || code === 'RequestTimeout' || code === 'SlowDown') {
    const after = Number(headers.get('retry-after') ?? 0);
    throw new Transient(`the server answered with ${answered}`, Number.isFinite(after) ? after * 1000 : 0);
  }
  throw new DataError(
    'FILE_NOT_WRITABLE',
    `${uri} cannot be written: the object storage answered with ${answered}. Check that the bucket exists, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL_S3, and that the bucket’s policy allows to get, put, list and delete objects there.`,
    { source: uri },
  );
}

/** Runs over a list, some at a time. The first error ends it, when those at work have ended. */
export async function eachOf<T>(list: readonly T[], atOnce: number, act: (one: T, index: number) => Promise<void>) {
  let next = 0;
  let failed = false;
  const run = async (): Promise<void> => {
    while (next < list.length && !failed) {
      const index = next++;
      try {
        await act(list[index], index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const runs = await Promise.allSettled(Array.from({ length: Math.min(atOnce, list.length) }, run));
  for (const one of runs) if (one.status === 'rejected') throw one.reason;
}
