import { ENDS, type EvaluationRecord, type Fleet } from '@lossmill/cluster';
import { formatBytes, formatRate, formatSeconds, plural } from '@lossmill/report';
import { barText, type LineStyle } from './progress-line.js';

const BARS = { most: 18, least: 6 };

export const count = (n: number): string => n.toLocaleString('en-US');

/** Seconds an evaluation has run. */
export const secondsOf = ({ startedAt, endedAt }: EvaluationRecord): number =>
  startedAt === 0 ? 0 : Math.max(0, (endedAt || Date.now()) - startedAt) / 1000;

/** Seconds left, by the pace so far; null while nobody can tell. */
export function etaOf(record: EvaluationRecord): number | null {
  const { state, rows, totalRows } = record;
  const seconds = secondsOf(record);
  return state === 'running' && rows > 0 && seconds > 0.5 ? (seconds / rows) * (totalRows - rows) : null;
}

/** "1 worker lost, 12 shards handed on"; empty when none was. */
export function lossText(lost: number, handedOn: number): string {
  if (lost === 0) return '';
  return `${plural(lost, 'worker')} lost${handedOn > 0 ? `, ${plural(handedOn, 'shard')} handed on` : ''}`;
}

export const percentText = ({ done, total }: EvaluationRecord): string =>
  total === 0 ? '' : `${String(Math.floor((100 * done) / total)).padStart(3)} %`;

/** Whole seconds: a forecast knows no more, and does not flicker. */
const leftText = (seconds: number): string => (seconds < 60 ? `${Math.ceil(seconds)} s` : formatSeconds(seconds));

type PartName = 'percent' | 'shards' | 'rate' | 'threads' | 'lost' | 'failed' | 'retried' | 'time';

/** What a narrow terminal goes without, first to last. */
const DROPS: readonly PartName[] = ['retried', 'rate', 'threads', 'shards', 'lost', 'failed', 'time'];

function partsOf(record: EvaluationRecord, { workers, lost }: Fleet): Map<PartName, string> {
  const { state, total, done, failed, rows, bytes, retried, handedOn } = record;
  const seconds = secondsOf(record);
  const eta = etaOf(record);
  const threads = workers.reduce((sum, member) => sum + member.threads, 0);
  const running = state === 'running' || state === 'reducing';
  const rate = bytes > 0 ? `${formatBytes(bytes / seconds)}/s` : formatRate(rows / seconds);
  const parts: [PartName, string | false][] = [
    ['percent', percentText(record)],
    ['shards', total > 0 && `${count(done)}/${count(total)} shards`],
    ['rate', rows > 0 && seconds > 0 && rate],
    ['threads', running && `${plural(threads, 'thread')} on ${plural(workers.length, 'worker')}`],
    ['lost', lossText(lost, handedOn)],
    ['failed', failed > 0 && `${count(failed)} failed`],
    ['retried', retried > 0 && `${count(retried)} retried`],
    ['time', eta !== null ? `${leftText(eta)} left` : ENDS.has(state) && seconds > 0 && formatSeconds(seconds)],
  ];
  return new Map(parts.filter((part): part is [PartName, string] => part[1] !== false && part[1] !== ''));
}

/**
 * "7c1e  running  ████░░░░  54 %  1,719/3,184 shards  8.1 GB/s  16 threads on 4 workers  1 retried  2 m left", at most
 * `style.width` columns.
 */
export function statusLine(id: string, record: EvaluationRecord, fleet: Fleet, style: LineStyle): string {
  const parts = partsOf(record, fleet);
  const head = `${id}  ${record.state}`;
  const hasBar = record.state === 'running' || record.state === 'reducing';
  const room = (): number => style.width - [head, ...parts.values()].join('  ').length - 2;
  for (const name of DROPS) if (room() < (hasBar ? BARS.least : -2)) parts.delete(name);
  const bar = Math.min(BARS.most, room());
  const share = record.total === 0 ? 0 : record.done / record.total;
  return [head, ...(hasBar && bar >= BARS.least ? [barText(share, bar, style)] : []), ...parts.values()].join('  ');
}
