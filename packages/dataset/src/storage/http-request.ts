import { DataError } from '../errors.js';
import { type Access, checkScheme, checkUrl, shownUrl } from './access.js';
import { Transient } from './retry.js';

/** What is asked for, and where it is now. */
export interface Target {
  /** For messages: as the user gave it. */
  readonly uri: string;
  /** Made anew for each attempt: it may be signed and expire. */
  url(): string | Promise<string>;
  /** Whether redirects are followed, and within what. */
  readonly redirects: { readonly access: Access | undefined } | null;
}

/** An answer whose body is still to come. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Hands the body on as it arrives; Transient when it breaks off or falls silent. `sink` returns false to stop. */
  consume(sink: (bytes: Uint8Array) => boolean): Promise<void>;
  /** Leaves the rest of the body. */
  drop(): Promise<void>;
}

const MOST_REDIRECTS = 5;
const redirectStatus = new Set([301, 302, 303, 307, 308]);

/** What is asked, and of a PUT or POST the bytes that go with it. */
export interface Sent {
  readonly method: string;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** One attempt at a GET. @throws Transient, DataError, the signal's reason */
export function get(
  target: Target,
  headers: Record<string, string>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Answer> {
  return request(target, { method: 'GET', headers }, timeoutMs, signal);
}

/** One attempt at a request. @throws as get */
export async function request(target: Target, sent: Sent, timeoutMs: number, signal?: AbortSignal): Promise<Answer> {
  let url = await target.url();
  for (let hops = 0; ; hops++) {
    const answer = await send(url, sent, timeoutMs, signal);
    if (!redirectStatus.has(answer.status)) return answer;
    await answer.drop();
    url = nextUrl(target, url, answer, hops);
  }
}

function nextUrl({ uri, redirects }: Target, url: string, { status, headers }: Answer, hops: number): string {
  const location = headers.get('location');
  const where = { source: shownUrl(uri) };
  if (redirects === null) {
    throw new DataError(
      'FILE_NOT_READABLE',
      `${uri}: the object storage sends elsewhere (status ${status}), as it does for a bucket of another region. Set AWS_REGION and AWS_ENDPOINT_URL_S3 to where the bucket is.`,
      where,
    );
  }
  if (location === null || !URL.canParse(location, url) || hops >= MOST_REDIRECTS) {
    const why =
      hops >= MOST_REDIRECTS
        ? `more than ${MOST_REDIRECTS} redirects follow each other`
        : `a redirect (status ${status}) says not where to`;
    throw new DataError('FILE_NOT_READABLE', `${shownUrl(uri)} cannot be read: ${why}. Name the final URL.`, where);
  }
  const next = new URL(location, url).href;
  if (!/^https?:/i.test(next)) {
    throw new DataError(
      redirects.access ? 'ACCESS_DENIED' : 'UNSUPPORTED',
      `${shownUrl(uri)} leads to ${shownUrl(next)}; only http and https are followed. Name the final URL.`,
      where,
    );
  }
  checkScheme(next, redirects.access);
  checkUrl(uri, next, redirects.access);
  return next;
}

async function send(
  url: string,
  { method, headers = {}, body }: Sent,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  // fetch adds this itself to requests of a range.
  const plain = headers.range === undefined ? { 'accept-encoding': 'identity', ...headers } : headers;
  const watch = new Watch(timeoutMs, signal);
  try {
    const init = { method, headers: plain, redirect: 'manual' as const, signal: watch.signal };
    const response = await watch.during(fetch(url, body ? { ...init, body } : init));
    return new FetchAnswer(response, watch);
  } catch (error) {
    watch.close();
    throw watch.explain(error);
  }
}

class FetchAnswer implements Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly #response: Response;
  readonly #watch: Watch;

  constructor(response: Response, watch: Watch) {
    this.status = response.status;
    this.headers = response.headers;
    this.#response = response;
    this.#watch = watch;
  }

  async consume(sink: (bytes: Uint8Array) => boolean): Promise<void> {
    const reader = this.#response.body?.getReader();
    try {
      while (reader) {
        const { done, value } = await this.#watch.during(reader.read());
        if (done || !sink(value)) break;
      }
    } catch (error) {
      throw this.#watch.explain(error);
    } finally {
      this.#watch.close();
      await reader?.cancel().catch(() => {});
    }
  }

  async drop(): Promise<void> {
    this.#watch.close();
    await this.#response.body?.cancel().catch(() => {});
  }
}

/** Ends a request that falls silent. */
class Watch {
  readonly #timeoutMs: number;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  #silent = false;
  readonly #abort = () => this.#controller.abort();

  constructor(timeoutMs: number, outer: AbortSignal | undefined) {
    this.#timeoutMs = timeoutMs;
    this.#outer = outer;
    outer?.addEventListener('abort', this.#abort);
    if (outer?.aborted) this.#abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async during<T>(work: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      this.#silent = true;
      this.#abort();
    }, this.#timeoutMs);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#outer?.removeEventListener('abort', this.#abort);
  }

  /** Everything that fetch itself throws is a matter of the network. */
  explain(error: unknown): unknown {
    if (error instanceof DataError) return error;
    if (this.#silent) return new Transient(`the server was silent for ${this.#timeoutMs} ms`);
    if (this.#outer?.aborted) return this.#outer.reason;
    if (!(error instanceof TypeError) && !(error instanceof DOMException)) return error;
    const { cause } = error as { cause?: unknown };
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const detail = cause instanceof Error ? cause.message || code : error.message;
    return new Transient(`the connection failed (${detail})`);
  }
}
