import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { WritingPlan } from '@lossmill/pool';
import { invalidPlan, storedPlan } from './stored-plan.js';

/** Longer plans are packed: one of a hundred thousand files takes 60 MB as JSON, and every worker fetches it. */
const PACKED_FROM = 64 * 1024;
/** As long as a text may be in this version of Node. */
const MOST_BYTES = 2 ** 29 - 24;
/** First byte of what gzip writes; JSON never begins so. */
const GZIP = 0x1f;

/** A plan as it is put into Redis: JSON, packed where it is long. */
export async function packPlan(plan: WritingPlan): Promise<Buffer> {
  const bytes = Buffer.from(JSON.stringify(plan));
  return bytes.length < PACKED_FROM ? bytes : promisify(gzip)(bytes, { level: 3 });
}

/**
 * The plan that another process put into Redis.
 * @throws ClusterError PLAN_INVALID
 */
export async function unpackPlan(stored: Buffer): Promise<WritingPlan> {
  if (stored[0] !== GZIP) return storedPlan(stored.toString());
  const bytes = await promisify(gunzip)(stored, { maxOutputLength: MOST_BYTES }).catch(() => {
    throw invalidPlan('it cannot be unpacked');
  });
  return storedPlan(bytes.toString());
}
