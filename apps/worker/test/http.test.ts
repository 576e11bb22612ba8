import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type HttpServer, type Probes, serve } from '../src/http.js';

let server: HttpServer;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

async function open(probes: Partial<Probes> = {}): Promise<string> {
  server = await serve(
    { port: 0, host: '127.0.0.1' },
    {
      about: { role: 'worker' },
      unreadiness: async () => [],
      metrics: async () => ({ text: 'x 1\n', type: 'text/plain' }),
      ...probes,
    },
  );
  return server.url;
}

describe('serve', () => {
  test('answers the three paths, and no other', async () => {
    const url = await open();
    expect(await (await fetch(`${url}/metrics`)).text()).toBe('x 1\n');
    expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: 'alive', role: 'worker' });
    expect(await (await fetch(`${url}/readyz?verbose`)).json()).toMatchObject({ status: 'ready', reasons: [] });
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics/x`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
  });

  test('says with 503 why it is not ready', async () => {
    const url = await open({ unreadiness: async () => ['draining'] });
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 'not ready', reasons: ['draining'] });
  });

  test('survives probes that throw', async () => {
    const url = await open({ metrics: () => Promise.reject(new Error('no')) });
    expect((await fetch(`${url}/metrics`)).status).toBe(500);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('answers others while some never read or never finish asking', async () => {
    const url = await open({ metrics: async () => ({ text: 'x 1\n'.repeat(1_000_000), type: 'text/plain' }) });
    const { port } = new URL(url);
    for (let i = 0; i < 20; i++) {
      const socket = connect(Number(port), '127.0.0.1');
      sockets.push(socket.pause());
      socket.write(i % 2 === 0 ? 'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n' : 'GET /metrics HTT');
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('refuses a port that is taken', async () => {
    const { port } = new URL(await open());
    await expect(serve({ port: Number(port), host: '127.0.0.1' }, {} as Probes)).rejects.toMatchObject({
      code: 'PORT_NOT_AVAILABLE',
      message: expect.stringContaining('another process has it'),
    });
  });
});
