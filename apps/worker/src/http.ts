import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClusterError } from '@lossmill/cluster';

export interface Probes {
  /** What is said of the process besides. */
  about: object;
  /** Why it cannot do its work now; empty when it can. */
  unreadiness(): Promise<string[]>;
  /** In the text format of Prometheus. */
  metrics(): Promise<{ text: string; type: string }>;
}

export interface HttpServer {
  /** Where it can be asked, as http://host:port. */
  url: string;
  close(): Promise<void>;
}

/** Whoever is slower is let go, so that nobody holds memory for long. */
const LIMITS = { requestTimeout: 5000, headersTimeout: 5000, keepAliveTimeout: 5000 };
const SLOWEST_MS = 10_000;
const MOST_CONNECTIONS = 64;

/**
 * Serves /metrics, /healthz and /readyz.
 * @throws ClusterError PORT_NOT_AVAILABLE
 */
export async function serve({ port, host }: { port: number; host: string }, probes: Probes): Promise<HttpServer> {
  const server = createServer(LIMITS, (request, response) => {
    answer(request, response, probes).catch((error) => {
      if (!response.headersSent) say(response, 500, { status: 'error', error: String(error) });
      else response.destroy();
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(SLOWEST_MS, (socket) => socket.destroy());
  await listen(server, port, host);
  const { address, port: taken, family } = server.address() as AddressInfo;
  // It must not keep a process that has nothing else to do.
  server.unref();
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  try {
    server.listen({ port, host });
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'another process has it' : message;
    throw new ClusterError(
      'PORT_NOT_AVAILABLE',
      `Metrics and health cannot be served at ${host}, port ${port}: ${why}. Give another one with --http-port or LOSSMILL_HTTP_PORT (0: any free one; off: none), and an address of this machine in LOSSMILL_HTTP_HOST.`,
    );
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, probes: Probes): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  if (!PATHS.has(path)) return say(response, 404, { status: 'unknown path', paths: [...PATHS] });
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return say(response, 405, { status: 'only GET is answered' });
  if (path === '/metrics') {
    const { text, type } = await probes.metrics();
    response.writeHead(200, { 'content-type': type }).end(text);
  } else if (path === '/healthz') await health(response, probes);
  else {
    const reasons = await probes.unreadiness();
    const ready = reasons.length === 0;
    say(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', reasons, ...probes.about });
  }
}

const PATHS: ReadonlySet<string> = new Set(['/metrics', '/healthz', '/readyz']);

/** That it answers is the proof: a blocked event loop does not. */
async function health(response: ServerResponse, { about }: Probes): Promise<void> {
  const since = performance.now();
  await new Promise((resolve) => setImmediate(resolve));
  const eventLoopSeconds = (performance.now() - since) / 1000;
  say(response, 200, { status: 'alive', uptimeSeconds: process.uptime(), eventLoopSeconds, ...about });
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
