import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { arraysSpec, type TestCluster, testCluster } from './helpers/cluster.js';
import { Lossmill } from './helpers/lossmill.js';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
  attributes: Map<string, unknown>;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

/** The part of an OTLP/HTTP request in JSON that is looked at. */
interface Request {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: (Omit<Span, 'service' | 'attributes'> & { attributes: Attribute[] })[] }[];
  }[];
}

const valuesOf = (attributes: readonly Attribute[]) =>
  new Map(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

let collector: Server;
let cluster: TestCluster;
let spans: Span[];
let paths: Set<string>;

beforeEach(async () => {
  spans = [];
  paths = new Set();
  collector = createServer(async (request, response) => {
    paths.add(`${request.method} ${request.url}`);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString()) as Request;
    for (const { resource, scopeSpans } of resourceSpans)
      for (const span of scopeSpans.flatMap((scope) => scope.spans))
        spans.push({
          ...span,
          service: String(valuesOf(resource.attributes).get('service.name')),
          attributes: valuesOf(span.attributes),
        });
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  cluster = await testCluster({ threads: 1 });
});

afterEach(async () => {
  await cluster.stop();
  collector.close();
  collector.closeAllConnections();
});

it('follows an evaluation from its coordinator into the tasks of workers', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` };
  const processes = (['coordinator', 'worker'] as const).map((role) => new Lossmill(cluster, [role], env));
  const ids = [];
  for (const losses of [['mse'], ['mae']] as const) {
    const spec = arraysSpec(cluster.folder, 6 * 256, { shard: { rows: 256 }, losses: [...losses] });
    ids.push(await cluster.client.submit({ spec }));
  }
  for (const id of ids) expect((await cluster.client.watch(id, () => {})).state).toBe('done');
  expect(await Promise.all(processes.map((process) => process.stop()))).toEqual([0, 0]);

  expect([...paths]).toEqual(['POST /v1/traces']);
  const evaluations = spans.filter(({ name }) => name === 'process lossmill.evaluations');
  const tasks = spans.filter(({ name }) => name === 'process lossmill.tasks.v1');
  expect(evaluations.map(({ attributes }) => attributes.get('bullmq.job.id')).sort()).toEqual([...ids].sort());
  expect(new Set(evaluations.map(({ service }) => service))).toEqual(new Set(['lossmill-coordinator']));
  expect(new Set(tasks.map(({ service }) => service))).toEqual(new Set(['lossmill-worker']));
  expect(new Set(evaluations.map(({ traceId }) => traceId)).size).toBe(2);
  for (const { traceId, attributes } of evaluations) {
    const id = String(attributes.get('bullmq.job.id'));
    const own = tasks.filter((task) => String(task.attributes.get('bullmq.job.id')).startsWith(`${id}.`));
    expect(own.length).toBeGreaterThan(0);
    for (const task of own) expect(task.traceId).toBe(traceId);
  }
  const known = new Set(spans.map(({ spanId }) => spanId));
  for (const task of tasks) expect(known).toContain(task.parentSpanId);
  expect(spans.filter(({ name }) => /getNextJob|extendLocks|stalled/i.test(name))).toEqual([]);
});

it('does its work where nobody takes the traces', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', LOSSMILL_OTEL: '1' };
  const processes = (['coordinator', 'worker'] as const).map((role) => new Lossmill(cluster, [role], env));
  const id = await cluster.client.submit({ spec: arraysSpec(cluster.folder, 512) });
  expect((await cluster.client.watch(id, () => {})).state).toBe('done');
  expect(await Promise.all(processes.map((process) => process.stop()))).toEqual([0, 0]);
  for (const process of processes)
    expect(
      process
        .lines()
        .map(({ msg }) => msg)
        .join(),
    ).toMatch(/traces (cannot|could not) be sent/);
});
