import { createHash } from 'node:crypto';
import type { Report } from './report.js';

/** "sha256:..." over the canonical JSON (keys sorted, no blanks) of a report without `digest` and `run`. */
export function digestOf(report: Omit<Report, 'digest' | 'run'>): string {
  const { version, spec, rows, losses, warnings } = report;
  const text = canonicalJson({ version, spec, rows, losses, warnings });
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, part]) => part !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
