import type { GaugeValue } from '@lossmill/cluster';
import { expect, test } from 'vitest';
import { Metrics } from '../src/metrics.js';

const never = new Promise<GaugeValue[]>(() => {});

test('a role has its own metrics, each with a help text', async () => {
  const { text } = await new Metrics('worker').text(async () => [{ gauge: 'threads', value: 4 }]);
  expect(text).toContain('lossmill_threads 4');
  expect(text).not.toContain('lossmill_takeovers_total');
  for (const [, name] of text.matchAll(/^# TYPE (lossmill_\S+)/gm)) expect(text).toMatch(`# HELP ${name} `);
});

test('names and units are as Prometheus wants them', async () => {
  for (const role of ['worker', 'coordinator'] as const) {
    const { text } = await new Metrics(role).text(async () => []);
    for (const [, name, type] of text.matchAll(/^# TYPE (lossmill_\S+) (\S+)/gm)) {
      expect(name.endsWith('_total')).toBe(type === 'counter');
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    }
  }
});

test('counts and durations add up', async () => {
  const metrics = new Metrics('worker');
  metrics.add('rows', 256);
  metrics.add('rows', 44);
  metrics.time('shard', 0.5, 3);
  metrics.add('takeovers');
  const { text } = await metrics.text(async () => []);
  expect(text).toContain('lossmill_rows_total 300');
  expect(text).toContain('lossmill_shard_duration_seconds_sum 1.5');
  expect(text).toContain('lossmill_shard_duration_seconds_count 3');
});

test('a Redis that does not answer is asked once, and delays no scrape for long', async () => {
  const metrics = new Metrics('coordinator');
  let asked = 0;
  const ask = () => {
    asked++;
    return never;
  };
  const texts = await Promise.all([metrics.text(ask), metrics.text(ask), metrics.text(ask)]);
  expect(asked).toBe(1);
  for (const { text } of texts) {
    expect(text).toContain('lossmill_takeovers_total 0');
    expect(text).not.toMatch(/^lossmill_queue_tasks/m);
  }
});

test('what cannot be had is left out, not shown as it was', async () => {
  const metrics = new Metrics('worker');
  await metrics.text(async () => [{ gauge: 'tasksActive', value: 2 }]);
  const failing = new Metrics('worker');
  const { text } = await failing.text(() => Promise.reject(new Error('not connected')));
  expect(text).not.toMatch(/^lossmill_tasks_active/m);
});
