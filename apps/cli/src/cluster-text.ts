import type { EvaluationRecord, Fleet, Listed } from '@lossmill/cluster';
import { formatBytes, formatCompact, formatSeconds, plural } from '@lossmill/report';
import { count, etaOf, percentText, secondsOf } from './status-line.js';

/** "7c1e  queued · 12 files, 3.1 GB, 4,000,000 rows · 3,184 shards     lossmill watch 7c1e" */
export function submittedLine(id: string, { state, total, totalRows, files, dataBytes }: EvaluationRecord): string {
  const data = files > 0 ? `${plural(files, 'file')}, ${formatBytes(dataBytes)}, ` : '';
  const size = total > 0 ? ` · ${data}${count(totalRows)} rows · ${plural(total, 'shard')}` : '';
  return `${id}  ${state}${size}     lossmill watch ${id}`;
}

const COLUMNS = ['id', 'state', 'done', 'shards', 'rows', 'time', ''] as const;
const RIGHT: ReadonlySet<string> = new Set(['done', 'shards', 'rows', 'time']);

/** A table of evaluations under a line of names; each column as wide as what it holds. `shorten` abbreviates ids. */
export function listTable(evaluations: readonly Listed[], shorten: (id: string) => string): string {
  const rows = evaluations.map((record) => cellsOf(shorten(record.id), record));
  const table = [COLUMNS as readonly string[], ...rows];
  const widths = COLUMNS.map((_, i) => Math.max(...table.map((cells) => cells[i].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (RIGHT.has(COLUMNS[i]) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd();
  return `${table.map(line).join('\n')}\n`;
}

function cellsOf(id: string, record: Listed): string[] {
  const { state, total, failed, totalRows, error } = record;
  const seconds = secondsOf(record);
  return [
    id,
    state,
    percentText(record).trim(),
    total > 0 ? count(total) : '',
    total > 0 ? formatCompact(totalRows) : '',
    seconds > 0 ? formatSeconds(seconds) : '',
    error?.code ?? (failed > 0 ? `${count(failed)} failed` : ''),
  ];
}

const time = (ms: number): string | null => (ms === 0 ? null : new Date(ms).toISOString());

/** What `--json` prints of an evaluation. */
export function statusJson(id: string, record: EvaluationRecord, { workers, lost }: Fleet) {
  const { state, total, done, failed, retried, duplicates, handedOn, rows, totalRows, files, dataBytes, bytes, error } =
    record;
  const seconds = secondsOf(record);
  return {
    version: 1,
    id,
    state,
    progress: total === 0 ? 0 : done / total,
    shards: { planned: total, counted: done, failed, retried, duplicates, handedOn },
    data: { files, bytes: dataBytes },
    rows: { total: totalRows, counted: rows },
    bytesRead: bytes,
    seconds,
    rowsPerSecond: seconds > 0 ? rows / seconds : 0,
    eta: etaOf(record),
    workers: workers.length,
    workersLost: lost,
    threads: workers.reduce((sum, member) => sum + member.threads, 0),
    submittedAt: time(record.submittedAt),
    startedAt: time(record.startedAt),
    endedAt: time(record.endedAt),
    ...(error === null ? {} : { error }),
  };
}
