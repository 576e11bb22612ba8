import assert from 'node:assert/strict';
import { SHARD_ROWS } from './data.mjs';

/** What must hold at every moment: the counters say what the bitmaps say, and no shard is in both. */
export function checkSample(sample, failedBits) {
  const { state, total, totalRows, done, failed, rows, cursor, retried, counted } = sample;
  if (state !== 'running') return;
  assert.equal(counted, done, `${done} shards counted differ from ${counted} bits set: ${JSON.stringify(sample)}`);
  assert.equal(failedBits, failed, 'failed shards differ from the bits set');
  assert.equal(rows * total, done * totalRows, 'rows differ from those of the shards counted');
  assert.ok(done + failed <= total, `${done} + ${failed} of ${total} shards`);
  assert.ok(cursor <= total && retried <= done, `cursor ${cursor}, retried ${retried}, done ${done}, total ${total}`);
}

/** The evaluation is done, every shard is counted once, and the report is the one of a single process. */
export async function expectExact(cluster, id, { digest, shards }, last) {
  assert.equal(last.state, 'done', `state ${last.state}: ${JSON.stringify(last.error)}`);
  assert.equal(last.total, shards);
  assert.equal(last.done, shards, 'shards counted');
  assert.equal(last.rows, shards * SHARD_ROWS, 'rows counted');
  const { code, out, err } = await cluster.run('result', id, '--json');
  assert.equal(code, 0, `result ended with ${code}: ${err}`);
  const report = JSON.parse(out);
  assert.equal(report.digest, digest, 'the digest differs from that of one process');
  const { planned, counted, retried, duplicates, failed = 0 } = report.run.shards;
  assert.deepEqual({ planned, counted, failed }, { planned: shards, counted: shards, failed: 0 });
  assert.ok(retried >= 0 && retried <= shards && duplicates >= 0, `${retried} retried, ${duplicates} duplicates`);
  assert.equal(report.rows.read, shards * SHARD_ROWS);
  return report.run.shards;
}
