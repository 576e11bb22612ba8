import { expect, test } from 'vitest';
import { observationOf } from '../src/observation.js';

test('without variables there is a log and nothing else', () => {
  expect(observationOf({}, false)).toEqual({ level: 'info', format: 'json', http: null, tracing: false });
  expect(observationOf({}, true).format).toBe('pretty');
});

test('variables say what there is, and a flag beats its variable', () => {
  const env = {
    LOSSMILL_LOG: 'warn',
    LOSSMILL_LOG_FORMAT: 'json',
    LOSSMILL_HTTP_PORT: '9464',
    LOSSMILL_HTTP_HOST: '::',
  };
  expect(observationOf(env, true)).toEqual({
    level: 'warn',
    format: 'json',
    http: { port: 9464, host: '::' },
    tracing: false,
  });
  expect(observationOf(env, true, { httpPort: 0 }).http).toEqual({ port: 0, host: '::' });
  expect(observationOf({ LOSSMILL_HTTP_PORT: 'off' }, true).http).toBeNull();
});

test('traces are sent where an endpoint or LOSSMILL_OTEL says so', () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
  expect(observationOf(endpoint, false).tracing).toBe(true);
  expect(observationOf({ LOSSMILL_OTEL: '1' }, false).tracing).toBe(true);
  expect(observationOf({ ...endpoint, LOSSMILL_OTEL: '0' }, false).tracing).toBe(false);
});

test.each([
  ['LOSSMILL_LOG', 'loud', 'one of trace, debug, info, warn, error, fatal, silent'],
  ['LOSSMILL_LOG_FORMAT', 'xml', 'one of json, pretty'],
  ['LOSSMILL_HTTP_PORT', '70000', '65535'],
  ['LOSSMILL_HTTP_PORT', '-1', '65535'],
  ['LOSSMILL_OTEL', 'true', '0 or 1'],
])('%s=%s is refused with what is allowed', (variable, value, allowed) => {
  const refused = expect(() => observationOf({ [variable]: value }, false));
  refused.toThrow(`${variable} is "${value}", but`);
  expect(() => observationOf({ [variable]: value }, false)).toThrow(allowed);
});
