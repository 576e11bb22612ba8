import { ENDS, type EvaluationRecord, type Member } from '@lossmill/cluster';
import { formatCompact, formatRate, formatSeconds, plural } from '@lossmill/report';
import { barText, type LineStyle } from './progress-line.js';

const BAR = 18;

const count = (n: number): string => n.toLocaleString('en-US');

/** Seconds an evaluation has run. */
const secondsOf = ({ startedAt, endedAt }: EvaluationRecord): number =>
  startedAt === 0 ? 0 : Math.max(0, (endedAt || Date.now()) - startedAt) / 1000;

function etaOf(record: EvaluationRecord): number | null {
  const { state, rows, totalRows } = record;
  const seconds = secondsOf(record);
  return state === 'running' && rows > 0 && seconds > 0.5 ? (seconds / rows) * (totalRows - rows) : null;
}

/** "7c1e  running  ████░░░░  54 %  1,719/3,184 shards  21 M rows/s  16 threads on 4 workers  1 retried  2 m left" */
export function statusLine(
  id: string,
  record: EvaluationRecord,
  workers: readonly Member[],
  style: Pick<LineStyle, 'unicode' | 'faint'>,
): string {
  const { state, total, done, failed, rows, retried } = record;
  const seconds = secondsOf(record);
  const eta = etaOf(record);
  const threads = workers.reduce((sum, member) => sum + member.threads, 0);
  const running = state === 'running' || state === 'reducing';
  const share = total === 0 ? 0 : done / total;
  return [
    `${id}  ${state.padEnd(9)}`,
    ...(running ? [barText(share, BAR, style)] : []),
    ...(total > 0 ? [`${String(Math.floor(share * 100)).padStart(3)} %`, `${count(done)}/${count(total)} shards`] : []),
    ...(rows > 0 && seconds > 0 ? [formatRate(rows / seconds)] : []),
    ...(running ? [`${plural(threads, 'thread')} on ${plural(workers.length, 'worker')}`] : []),
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(retried > 0 ? [`${count(retried)} retried`] : []),
    ...(eta === null ? [] : [`${formatSeconds(eta)} left`]),
    ...(ENDS.has(state) && seconds > 0 ? [formatSeconds(seconds)] : []),
  ].join('  ');
}

/** "7c1e  queued · 3,184 shards · 1.2 G rows     lossmill watch 7c1e" */
export function submittedLine(id: string, { state, total, totalRows }: EvaluationRecord): string {
  const size = total > 0 ? ` · ${count(total)} shards · ${formatCompact(totalRows)} rows` : '';
  return `${id}  ${state}${size}     lossmill watch ${id}`;
}

const time = (ms: number): string | null => (ms === 0 ? null : new Date(ms).toISOString());

/** What `--json` prints of an evaluation. */
export function statusJson(id: string, record: EvaluationRecord, workers: readonly Member[]) {
  const { state, total, done, failed, retried, duplicates, rows, totalRows, bytes, error } = record;
  const seconds = secondsOf(record);
  return {
    version: 1,
    id,
    state,
    progress: total === 0 ? 0 : done / total,
    shards: { planned: total, counted: done, failed, retried, duplicates },
    rows: { total: totalRows, counted: rows },
    bytesRead: bytes,
    seconds,
    rowsPerSecond: seconds > 0 ? rows / seconds : 0,
    eta: etaOf(record),
    workers: workers.length,
    threads: workers.reduce((sum, member) => sum + member.threads, 0),
    submittedAt: time(record.submittedAt),
    startedAt: time(record.startedAt),
    endedAt: time(record.endedAt),
    ...(error === null ? {} : { error }),
  };
}
