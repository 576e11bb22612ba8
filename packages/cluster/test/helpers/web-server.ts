import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export interface WebServer {
  readonly url: string;
  /** By path. The ETag is made of the content. */
  readonly files: Map<string, Uint8Array>;
  /** Path -> where it leads. */
  readonly redirects: Map<string, string>;
  /** Every request: path, query and all. */
  readonly requests: string[];
  /** Called before each answer. */
  onRequest: (path: string) => void;
  /** Bytes of bodies sent so far. */
  bytes: number;
}

/** A web server of files on this machine that knows ranges and If-Match. */
export async function webServer(): Promise<WebServer> {
  const server = createServer((request, response) => answer(request, response, state));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state: WebServer = { url, files: new Map(), redirects: new Map(), requests: [], onRequest: () => {}, bytes: 0 };
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return state;
}

function answer(request: IncomingMessage, response: ServerResponse, state: WebServer): void {
  const { pathname } = new URL(request.url ?? '/', state.url);
  state.requests.push(request.url ?? '');
  state.onRequest(pathname);
  const end = (status: number, headers: Record<string, string> = {}) => response.writeHead(status, headers).end();
  const location = state.redirects.get(pathname);
  if (location !== undefined) return void end(302, { location });
  const content = state.files.get(pathname);
  if (!content) return void end(404);
  const etag = `"${createHash('sha1').update(content).digest('hex')}"`;
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== etag) return void end(412);
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  const [from, to] = range ? [Number(range[1]), Math.min(Number(range[2]) + 1, content.length)] : [0, content.length];
  response.writeHead(range ? 206 : 200, {
    'content-length': String(to - from),
    etag,
    ...(range ? { 'content-range': `bytes ${from}-${to - 1}/${content.length}` } : {}),
  });
  state.bytes += to - from;
  response.end(Buffer.from(content.subarray(from, to)));
}
