import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.doUnmock('bullmq-otel');
  vi.resetModules();
});

test('without its optional packages there is one warning, and no traces', async () => {
  vi.doMock('bullmq-otel', () => {
    throw new Error("Cannot find package 'bullmq-otel'");
  });
  const { startTracing } = await import('../src/tracing.js');
  const warn = vi.fn();
  const log = { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() };
  expect(await startTracing('worker', log)).toBeNull();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0][1]).toContain('install bullmq-otel and @opentelemetry/');
});
