// A whole run as the Markdown of docs/performance.md: machine, goals, tables.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { caseTable, groupTable, verdictTable } from './table.mjs';

const BEGIN = '<!-- written by npm run bench -- --markdown -->';
const END = '<!-- end of what it wrote -->';
/** Groups of many cases with few programs each: one table. */
const TOGETHER = new Set(['The rest of the catalogue', 'float64', 'Heavy tails', 'All default statistics']);

export function markdown({ machine, loadAfter, versions, failed, results }) {
  const { cpu, processors, memoryGiB, system, load } = machine;
  const known = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const absent = [...new Set(results.flatMap(({ missing }) => missing.map(({ name, why }) => `${name} (${why})`)))];
  return [
    '## The run',
    `${cpu}, ${processors} processors, ${memoryGiB} GiB, ${system}. ${known.join(', ')}.`,
    `Load averages (1, 5, 15 minutes) at the start ${load.join(' ')}, at the end ${loadAfter.join(' ')}.`,
    ...(absent.length > 0 ? [`Not measured: ${absent.join('; ')}.`] : []),
    ...(failed.length > 0 ? [`Cases that failed: ${failed.join('; ')}.`] : []),
    '## Goals',
    verdictTable(results),
    '## All figures',
    ...groups(results).flatMap(([group, cases]) => [
      `### ${group}`,
      ...(TOGETHER.has(group)
        ? [`ns per ${units(cases)}.`, groupTable(cases), ...remarks(cases)]
        : cases.flatMap(oneCase)),
    ]),
  ].join('\n\n');
}

const units = (cases) => [...new Set(cases.map(({ unit }) => unit))].join(' or ');

function groups(results) {
  const byGroup = new Map();
  for (const result of results) byGroup.set(result.group, [...(byGroup.get(result.group) ?? []), result]);
  return [...byGroup];
}

const oneCase = (result) => [
  `#### ${result.name}, ${result.elements} ${result.unit}s`,
  caseTable(result),
  ...remarks([result]),
];

function remarks(cases) {
  const lines = cases.flatMap(({ name, drifted, wrong }) => [
    ...(drifted.length > 0 ? [`- ${name}: means that are off by their float32 sums: ${drifted.join(', ')}`] : []),
    ...wrong.map((text) => `- ${name}: WRONG VALUE: ${text}`),
  ]);
  return lines.length > 0 ? [lines.join('\n')] : [];
}

/** Replaces what stands between the two marks of a file; a file without them is written anew. */
export function writeBetweenMarks(file, text) {
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const begin = old.indexOf(BEGIN);
  const end = old.indexOf(END);
  const block = `${BEGIN}\n\n${text}\n\n${END}`;
  const whole = begin >= 0 && end > begin ? old.slice(0, begin) + block + old.slice(end + END.length) : `${block}\n`;
  writeFileSync(file, whole);
}
