import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fingerprintFile } from '../src/fingerprint.js';
import { temporaryFolder } from './helpers/folder.js';

const folder = temporaryFolder();

function fingerprint(name: string, content: Uint8Array): string {
  const path = folder.write(name, content);
  return fingerprintFile({ uri: name, path, bytes: statSync(path).size });
}

it('is the same for the same bytes under another name', () => {
  const content = Buffer.alloc(300_000, 7);
  expect(fingerprint('a', content)).toBe(fingerprint('b', content));
  expect(fingerprint('a', content)).toMatch(/^sha256:[0-9a-f]{64}$/);
});

it('sees every byte of a small file', () => {
  const content = Buffer.alloc(4000, 7);
  const seen = new Set([fingerprint('a', content)]);
  for (let at = 0; at < content.length; at += 37) {
    const changed = Buffer.from(content);
    changed[at] = 8;
    seen.add(fingerprint('a', changed));
  }
  expect(seen.size).toBe(1 + Math.ceil(content.length / 37));
});

it('sees the size, the head, the tail and samples between them of a large file', () => {
  const size = 10_000_000;
  const original = fingerprint('a', Buffer.alloc(size));
  expect(fingerprint('b', Buffer.alloc(size + 1))).not.toBe(original);
  for (const at of [0, 65_535, 65_536, size - 65_536 - 1, size - 65_536, size - 1]) {
    const changed = Buffer.alloc(size);
    changed[at] = 1;
    expect([at, fingerprint('c', changed) === original]).toEqual([at, false]);
  }
});
