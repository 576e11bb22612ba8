import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

/** A web server of the files of a folder, which fails as its `faults` say: { name: share of the requests }. */
export class WebServer {
  #server;
  /** unavailable: status 503. reset: the connection breaks before an answer. torn: amid the body. whole: ranges are ignored. */
  faults = {};
  /** How often each fault came. */
  counts = {};
  requests = 0;

  constructor(folder, random) {
    this.folder = folder;
    this.random = random;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  async start() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #fault() {
    let left = this.random.next();
    for (const [name, share] of Object.entries(this.faults)) {
      left -= share;
      if (left >= 0) continue;
      this.counts[name] = (this.counts[name] ?? 0) + 1;
      return name;
    }
    return 'none';
  }

  #answer(request, response) {
    this.requests++;
    const fault = this.#fault();
    if (fault === 'reset') return request.socket.resetAndDestroy();
    if (fault === 'unavailable') return response.writeHead(503).end();
    const content = readFileSync(join(this.folder, new URL(request.url, this.url).pathname));
    const etag = `"${createHash('sha1').update(content).digest('hex')}"`;
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const ranged = from !== undefined && fault !== 'whole';
    const body = ranged ? content.subarray(Number(from), Number(to) + 1) : content;
    const last = Number(from) + body.length - 1;
    response.writeHead(ranged ? 206 : 200, {
      etag,
      'content-length': body.length,
      ...(ranged ? { 'content-range': `bytes ${from}-${last}/${content.length}` } : {}),
    });
    if (fault !== 'torn') return response.end(body);
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  }
}
