import type { Report } from '@lossmill/evaluation';
import { sourcesOf } from './spec.js';

/** A spec with inline data may hold the data; nobody reads that far. */
const mostCharacters = 20_000;

/**
 * The resolved spec for reading: one field a line, lists of plain values on one line. Without the sources where they
 * can be listed beside it, and cut where it would go on for pages.
 */
export function specText(report: Report): { text: string; cut: boolean } {
  const { sources, ...rest } = report.spec;
  const shown = sourcesOf(report).length > 0 ? rest : report.spec;
  // JSON has no line ends inside its strings, so only the layout is folded.
  const text = JSON.stringify(shown, null, 2).replace(/\[\n\s*([^[\]{}]*?)\n\s*\]/g, (_, values: string) => {
    return `[${values.replace(/\n\s*/g, ' ')}]`;
  });
  const cut = text.length > mostCharacters;
  return { text: cut ? text.slice(0, mostCharacters) : text, cut };
}
