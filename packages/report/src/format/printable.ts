/** Escapes that are common enough to be worth a short form. */
const shortEscapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

// Controls (an escape sequence in a file name must not reach the terminal), line separators and the marks that
// reverse the direction of what follows them.
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/** Text of others made harmless to show: control characters are spelled out. */
export function printable(text: string): string {
  return text.replace(
    unprintable,
    (c) => shortEscapes[c] ?? `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
