import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3mini } from 's3mini';
import S3rver from 's3rver';
import { afterAll } from 'vitest';

/** An object storage on this machine with one bucket, which takes the keys S3RVER and S3RVER. Resolves to its endpoint. */
export async function s3Server(bucket: string, objects: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'lossmill-s3-'));
  const configureBuckets = [{ name: bucket, configs: [] }];
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets });
  const { port } = await server.run();
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', region: 'us-east-1' };
  const client = new S3mini({ ...keys, endpoint: `${endpoint}/${bucket}` });
  for (const [key, content] of objects) await client.putObject(key, Buffer.from(content));
  return endpoint;
}
