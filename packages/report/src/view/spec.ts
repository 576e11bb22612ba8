import type { Report } from '@lossmill/evaluation';

/** A source as the resolved spec records it; what an older or newer report lacks is left out. */
export interface SourceView {
  uri: string;
  rows?: number;
  bytes?: number;
  fingerprint?: string;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The confidence of every interval in the report. */
export function confidenceOf(report: Report): number {
  const { confidence } = report.spec;
  return typeof confidence === 'number' && confidence > 0 && confidence < 1 ? confidence : 0.95;
}

/** "95 %", "99.9 %". */
export function confidenceLabel(report: Report): string {
  return `${Number((confidenceOf(report) * 100).toPrecision(6))} %`;
}

function toSource(value: unknown): SourceView[] {
  if (!isRecord(value) || typeof value.uri !== 'string') return [];
  const { uri, rows, bytes, fingerprint } = value;
  return [
    {
      uri,
      ...(typeof rows === 'number' && { rows }),
      ...(typeof bytes === 'number' && { bytes }),
      ...(typeof fingerprint === 'string' && { fingerprint }),
    },
  ];
}

/** The sources the resolved spec names, with their fingerprints. */
export function sourcesOf(report: Report): SourceView[] {
  const { sources, data } = report.spec;
  const listed = Array.isArray(sources) ? sources : isRecord(data) && Array.isArray(data.sources) ? data.sources : [];
  return listed.flatMap(toSource);
}

/** The last step of a path or URL: enough to tell files apart in a narrow column. */
export function baseName(uri: string): string {
  return uri.split(/[\\/]/).filter(Boolean).at(-1) ?? uri;
}
