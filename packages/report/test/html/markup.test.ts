import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { html, raw, scriptJson } from '../../src/html/markup.js';
import { text } from '../arbitrary.js';

describe('html', () => {
  test('escapes what is put in, in text and in attributes', () => {
    expect(html`<a title="${'"\'<&>'}">${'<b>'}</a>`.text).toBe('<a title="&quot;&#39;&lt;&amp;&gt;">&lt;b&gt;</a>');
  });

  test('takes markup as it is, lists one after the other, and nothing for what is absent', () => {
    expect(html`${raw('<i>')}${[html`${1}`, ' ', '<']}${false}${null}${undefined}${0}`.text).toBe('<i>1 &lt;0');
  });

  test('spells out control characters', () => {
    expect(html`${'a\u0000b\u202e'}`.text).toBe('a\\u0000b\\u202e');
  });

  test('lets no text end or start an element', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(html`${value}`.text).not.toMatch(/[<>"']/);
      }),
    );
  });
});

describe('scriptJson', () => {
  test('is the same value, without a character that could end the script', () => {
    fc.assert(
      fc.property(fc.jsonValue(), text, (value, extra) => {
        const { text: json } = scriptJson({ value, extra });
        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value, extra })));
      }),
    );
  });
});
