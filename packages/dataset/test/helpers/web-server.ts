import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** What goes wrong, and how files are served. */
export interface Behaviour {
  /** Share of requests answered with 503. */
  unavailable?: number;
  /** Share of bodies cut off in the middle by a broken connection. */
  cut?: number;
  /** Ranges are ignored: always 200 and everything. */
  whole?: boolean;
  /** Sent instead of the ETag made of the content; null: none. */
  etag?: string | null;
  /** Last-Modified. */
  modified?: string;
  /** Headers beyond the usual ones. */
  headers?: Record<string, string>;
  /** Without Content-Length. */
  chunked?: boolean;
  /** Answers nothing at all to the first so many requests. */
  silent?: number;
}

export interface WebServer {
  readonly url: string;
  readonly files: Map<string, Uint8Array>;
  /** Path -> where it leads. */
  readonly redirects: Map<string, string>;
  behaviour: Behaviour;
  /** Bytes of bodies sent, and requests got, since the last reset. */
  bytes: number;
  requests: IncomingMessage['headers'][];
  reset(behaviour?: Behaviour): void;
}

/** A web server of static files on this machine, whose faults are the same in each run. */
export async function webServer(): Promise<WebServer> {
  let seed = 1;
  const chance = (share = 0): boolean => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return seed / 2 ** 32 < share;
  };
  const server = createServer((request, response) => answer(request, response, state, chance));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const state: WebServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files: new Map(),
    redirects: new Map(),
    behaviour: {},
    bytes: 0,
    requests: [],
    reset(behaviour = {}) {
      Object.assign(state, { behaviour, bytes: 0, requests: [] });
      seed = 1;
    },
  };
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return state;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: WebServer,
  chance: (share?: number) => boolean,
): void {
  const { behaviour } = state;
  const path = new URL(request.url ?? '/', state.url).pathname;
  state.requests.push(request.headers);
  const end = (status: number, headers: Record<string, string> = {}) => response.writeHead(status, headers).end();
  if (behaviour.silent) {
    behaviour.silent--;
    return;
  }
  if (chance(behaviour.unavailable)) return void end(503);
  const to = state.redirects.get(path);
  if (to !== undefined) return void end(302, { location: to });
  const content = state.files.get(decodeURIComponent(path));
  if (!content) return void end(404);
  const etag = behaviour.etag === undefined ? `"${createHash('sha1').update(content).digest('hex')}"` : behaviour.etag;
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== etag) return void end(412);
  const range = behaviour.whole ? null : /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  const [from, to_] = range ? [Number(range[1]), Math.min(Number(range[2]) + 1, content.length)] : [0, content.length];
  if (range && from >= content.length) return void end(416, { 'content-range': `bytes */${content.length}` });
  response.writeHead(range ? 206 : 200, {
    ...(behaviour.chunked ? {} : { 'content-length': String(to_ - from) }),
    ...(etag === null ? {} : { etag }),
    ...(behaviour.modified ? { 'last-modified': behaviour.modified } : {}),
    ...(range ? { 'content-range': `bytes ${from}-${to_ - 1}/${content.length}` } : {}),
    ...behaviour.headers,
  });
  const body = Buffer.from(content.subarray(from, to_));
  const half = body.length > 1 && chance(behaviour.cut) ? Math.floor(body.length / 2) : body.length;
  state.bytes += half;
  if (half === body.length) response.end(body);
  else response.write(body.subarray(0, half), () => response.destroy());
}
