// Tables that read well on a terminal and are Markdown.
import { median, ratio } from './statistics.mjs';

const figure = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
export const range = ({ median: middle, min, max }) => `${figure(middle)} [${figure(min)}..${figure(max)}]`;

/** Rows of cells, the first row being the head, aligned. */
function table(rows) {
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  const lines = rows.map((row) => `| ${row.map((cell, j) => cell.padEnd(widths[j])).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

const bySpeed = (programs) => programs.toSorted((a, b) => median(a.ns) - median(b.ns));

/** One case: fastest first, each beside the first of ours. */
export function caseTable({ unit, programs, elements }) {
  const [ours] = programs;
  const head = ['program', `ns per ${unit}, median`, 'best', 'its time / ours [range of rounds]'];
  const rows = bySpeed(programs).map((program) => [
    program.name + (program.elements === elements ? '' : ` (${program.elements} ${unit}s)`),
    figure(median(program.ns)),
    figure(Math.min(...program.ns)),
    program === ours ? '1' : range(ratio(program.ns, ours.ns)),
  ]);
  return table([head, ...rows]);
}

/** Goals of all cases, as one table. */
export function verdictTable(results) {
  const rows = results.flatMap((result) =>
    result.verdicts.map(({ goal, result: value, word }) => [result.name, goal, value, word ?? '-']),
  );
  return rows.length === 0 ? '' : table([['case', 'goal', 'median [range of rounds]', 'verdict'], ...rows]);
}

/** One row a case: ours beside each peer's time over ours. For groups of many cases of few programs. */
export function groupTable(results) {
  const names = [...new Set(results.flatMap(({ programs }) => programs.slice(1).map(({ name }) => name)))];
  const head = ['case', 'ours, ns, median (best)', ...names.map((name) => `${name}, its time / ours`)];
  const rows = results.map(({ name, programs }) => {
    const [ours] = programs;
    const others = names.map((other) => {
      const found = programs.find((program) => program.name === other);
      return found ? range(ratio(found.ns, ours.ns)) : '-';
    });
    return [name, `${figure(median(ours.ns))} (${figure(Math.min(...ours.ns))})`, ...others];
  });
  return table([head, ...rows]);
}
