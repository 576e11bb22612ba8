import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export interface ObjectStore {
  readonly endpoint: string;
  /** "bucket/key" -> content. */
  readonly objects: Map<string, Buffer>;
  readonly uploads: Map<string, Map<number, Buffer>>;
  /** Of each request: "PUT /bucket/key?partNumber=1", "COPY ..." for one that copies. */
  readonly log: string[];
  /** Asked before each request: a status to answer with instead. */
  refuse: (line: string) => number | undefined;
  /** A part of an upload can be a copy. */
  copies: boolean;
}

const LEAST_PART = 5 * 2 ** 20;

/** An object storage in memory that is as strict as S3 about uploads in parts; it looks at no signature. */
export async function objectStore(): Promise<ObjectStore> {
  const server = createServer(async (request, response) => {
    const [status, body, headers] = await answer(store, request);
    response.writeHead(status, headers).end(status === 204 ? undefined : body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const store: ObjectStore = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    uploads: new Map(),
    log: [],
    refuse: () => undefined,
    copies: true,
  };
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  return store;
}

type Reply = [status: number, body: Buffer | string, headers?: Record<string, string>];

const fault = (status: number, code: string): Reply => [status, `<Error><Code>${code}</Code></Error>`];

async function answer(store: ObjectStore, request: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://host');
  const name = decodeURIComponent(pathname.slice(1));
  const copied = request.headers['x-amz-copy-source'];
  const asked = [...query].filter(([key]) => !/^x-amz/i.test(key)).map(([key, value]) => `${key}=${value}`);
  const line = `${copied ? 'COPY' : request.method} /${name}${asked.length > 0 ? `?${asked.join('&')}` : ''}`;
  store.log.push(line);
  const refused = store.refuse(line);
  if (refused !== undefined) return fault(refused, 'Refused');
  if (query.has('list-type')) return list(store, name, query.get('prefix') ?? '');
  if (query.has('uploads')) return begin(store, name);
  const id = query.get('uploadId');
  if (id !== null) {
    const parts = store.uploads.get(id);
    if (!parts || !id.startsWith(`${name} `)) return fault(404, 'NoSuchUpload');
    if (request.method === 'DELETE') return store.uploads.delete(id) ? [204, ''] : fault(404, 'NoSuchUpload');
    if (request.method === 'POST') return complete(store, name, id, Buffer.concat(chunks).toString());
    return part(store, parts, Number(query.get('partNumber')), copied, Buffer.concat(chunks));
  }
  if (request.method === 'PUT') {
    store.objects.set(name, Buffer.concat(chunks));
    return [200, ''];
  }
  if (request.method === 'DELETE') {
    store.objects.delete(name);
    return [204, ''];
  }
  const found = store.objects.get(name);
  return found ? [200, found] : fault(404, 'NoSuchKey');
}

function list({ objects }: ObjectStore, bucket: string, prefix: string): Reply {
  const begin = `${bucket.replace(/\/$/, '')}/`;
  const keys = [...objects].filter(([name]) => name.startsWith(begin + prefix)).sort();
  const shown = keys.slice(0, 1000).map(([name, { length }]) => {
    const key = name.slice(begin.length).replaceAll('&', '&amp;');
    return `<Contents><Key>${key}</Key><Size>${length}</Size></Contents>`;
  });
  return [200, `<ListBucketResult>${shown.join('')}</ListBucketResult>`];
}

function begin({ uploads }: ObjectStore, name: string): Reply {
  const id = `${name} ${uploads.size + Math.random()}`;
  uploads.set(id, new Map());
  return [200, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`];
}

function part(store: ObjectStore, parts: Map<number, Buffer>, at: number, copied: unknown, body: Buffer): Reply {
  if (at < 1 || at > 10_000) return fault(400, 'InvalidArgument');
  const etag = `"${at}"`;
  if (copied === undefined) {
    parts.set(at, body);
    return [200, '', { etag }];
  }
  if (!store.copies) return fault(501, 'NotImplemented');
  const source = store.objects.get(decodeURIComponent(String(copied)).slice(1));
  if (!source) return fault(404, 'NoSuchKey');
  parts.set(at, source);
  return [200, `<CopyPartResult><ETag>&quot;${at}&quot;</ETag></CopyPartResult>`];
}

function complete({ objects, uploads }: ObjectStore, name: string, id: string, xml: string): Reply {
  const parts = uploads.get(id) as Map<number, Buffer>;
  const named = [...xml.matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>"(\d+)"<\/ETag>/g)];
  const bodies = named.map(([, number, etag]) => (number === etag ? parts.get(Number(number)) : undefined));
  if (bodies.length !== parts.size || bodies.some((body) => body === undefined)) return fault(400, 'InvalidPart');
  const whole = bodies as Buffer[];
  if (whole.slice(0, -1).some(({ length }) => length < LEAST_PART)) return fault(400, 'EntityTooSmall');
  objects.set(name, Buffer.concat(whole));
  uploads.delete(id);
  return [200, '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>'];
}
