import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3mini } from 's3mini';
import S3rver from 's3rver';
import { afterAll } from 'vitest';

export interface S3Server {
  readonly endpoint: string;
  put(key: string, content: Uint8Array): Promise<void>;
}

/** An object storage on this machine with one bucket, which takes the keys S3RVER and S3RVER. */
export async function s3Server(bucket: string): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'lossmill-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { port } = await server.run();
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3mini({
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    endpoint: `${endpoint}/${bucket}`,
    region: 'us-east-1',
  });
  return {
    endpoint,
    put: async (key, content) => {
      await client.putObject(key, Buffer.from(content));
    },
  };
}
