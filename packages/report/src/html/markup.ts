import { printable } from '../format/printable.js';

/** Text that is HTML already and goes in as it is. Only `html` and `raw` make it. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Insert = Markup | string | number | readonly Insert[] | false | null | undefined;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => entities[c]);
}

/** HTML of our own making, taken as it is. */
export function raw(text: string): Markup {
  return new Markup(text);
}

function insert(value: Insert): string {
  if (value === false || value === null || value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(insert).join('');
  return escapeHtml(printable(String(value)));
}

/** A template whose inserted values are escaped unless they are Markup: a column named "<script>" stays a name. */
export function html(strings: TemplateStringsArray, ...values: Insert[]): Markup {
  return new Markup(strings.reduce((text, part, i) => text + part + (i < values.length ? insert(values[i]) : ''), ''));
}

/** JSON that may stand inside a script element: nothing in it can end the element or open a comment. */
export function scriptJson(value: unknown): Markup {
  return raw(
    JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
