import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeLog } from '../src/log.js';
import { scrubber } from '../src/secrets.js';

const REDIS = 'rediss://operator:s3cr%40t-of-redis@redis.example:6380/0';
const ENV = {
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG',
  AWS_SESSION_TOKEN: 'session"token',
  LOSSMILL_TOKEN: 'abc',
};
const scrub = scrubber(REDIS, ENV);

describe('scrubber', () => {
  test('takes names and passwords out of URLs', () => {
    expect(scrub(`cannot reach ${REDIS}, nor https://me:pw@host/x`)).toBe(
      'cannot reach rediss://***@redis.example:6380/0, nor https://***@host/x',
    );
  });

  test('takes the password out wherever it is, encoded or not', () => {
    expect(scrub('AUTH s3cr@t-of-redis, s3cr%40t-of-redis')).toBe('AUTH ***, ***');
  });

  test('takes keys of the environment out, also as JSON writes them', () => {
    expect(scrub(JSON.stringify({ a: ENV.AWS_SECRET_ACCESS_KEY, b: ENV.AWS_SESSION_TOKEN }))).toBe(
      '{"a":"***","b":"***"}',
    );
  });

  test('takes signatures of object stores out', () => {
    expect(scrub('https://b.s3.example/k?X-Amz-Credential=AK/1&x=1&X-Amz-Signature=0af3" next')).toBe(
      'https://b.s3.example/k?X-Amz-Credential=***&x=1&X-Amz-Signature=***" next',
    );
  });

  test('leaves everything else as it is, short values too', () => {
    const text = '{"msg":"abc a@b.example evaluated s3://bucket/key.parquet","rows":12}';
    expect(scrub(text)).toBe(text);
  });

  test('takes a password out that holds a lone %', () => {
    expect(scrubber('redis://u:100%25sure%@h', {})('100%sure%')).toBe('***');
  });

  test('leaves no password behind, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit: 'grapheme-ascii' }), (password) => {
        const url = new URL('redis://u@h:1');
        url.password = encodeURIComponent(password);
        const line = JSON.stringify({ msg: `x ${url.href} y`, password, encoded: url.password });
        const clean = JSON.parse(scrubber(url.href, {})(line)) as Record<string, string>;
        expect(clean.password).not.toContain(password);
        expect(clean.msg).not.toContain(url.password);
      }),
    );
  });
});

test('no line of a log, json or pretty, shows what is secret', async () => {
  for (const format of ['json', 'pretty'] as const) {
    let text = '';
    const sink = {
      write: (part: string) => {
        text += part;
      },
    };
    const log = await makeLog('worker', { level: 'info', format, scrub, sink });
    log.error({ error: new Error(`read ${REDIS}`), nested: { url: REDIS } }, `cannot reach ${REDIS}`);
    log.info({ key: ENV.AWS_SECRET_ACCESS_KEY, headers: [ENV.AWS_SESSION_TOKEN] }, 'asked');
    expect(text).toContain('cannot reach rediss://***@redis.example');
    expect(text.trimEnd().split('\n').length).toBeGreaterThanOrEqual(2);
    for (const secret of ['s3cr', 'operator', 'wJalr', 'session']) expect(text).not.toContain(secret);
  }
});
