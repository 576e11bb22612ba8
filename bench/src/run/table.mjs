// Tables that read well on a terminal and are Markdown.
import { median, ratio } from './statistics.mjs';

const figure = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const range = ({ median: middle, min, max }) => `${figure(middle)} [${figure(min)}..${figure(max)}]`;

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

/** Each goal of a case: { text, reached, median, ... }. The best peer is the one with the least median time. */
export function verdicts({ goal, programs }) {
  return goal.map(({ plain, program, peers, atLeast, atMost }) => {
    const ours = programs.find((one) => (program ? one.name === program : one.role === 'ours'));
    if (plain) {
      const cost = ratio(ours.ns, programs.find(({ role }) => role === 'plain').ns);
      return verdict(
        `cost of exactness over our plain float64 sum <= ${atMost}`,
        cost,
        cost.median <= atMost,
        cost.max <= atMost,
      );
    }
    const [best] = bySpeed(programs.filter(({ role, name }) => role === 'peer' && peers.test(name)));
    if (!best) return { goal: `>= ${atLeast} of the best peer`, result: 'no peer found', reached: null };
    const lead = ratio(best.ns, ours.ns);
    return verdict(`>= ${atLeast} times as fast as ${best.name}`, lead, lead.median >= atLeast, lead.min >= atLeast);
  });
}

const verdict = (goal, result, reached, always) => ({
  goal,
  result: range(result),
  reached,
  word: reached ? (always ? 'reached' : 'reached, not in every round') : 'missed',
});

/** Goals of all cases, as one table. */
export function verdictTable(results) {
  const rows = results.flatMap((result) =>
    verdicts(result).map(({ goal, result: value, word }) => [result.name, goal, value, word ?? '-']),
  );
  return rows.length === 0 ? '' : table([['case', 'goal', 'median [range of rounds]', 'verdict'], ...rows]);
}
