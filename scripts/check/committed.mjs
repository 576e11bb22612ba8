// Nothing generated and nothing of one machine is committed.
import { readFileSync } from 'node:fs';
import { at, capture } from '../lib/run.mjs';

export const title = 'committed: nothing generated, no unfinished or machine-bound text';

const GENERATED = /(^|\/)(dist|generated|node_modules|coverage|\.cache)\/|\.(wasm|tsbuildinfo|tgz|log)$/;
// Written in pieces, so that this file does not report itself.
const FORBIDDEN = [
  [
    new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|${['XX', 'X'].join('')})\\b`),
    'an unfinished remark',
  ],
  [/\b(it|test|describe)\.(only|skip|todo)\(/, 'a test that is not run'],
  [new RegExp(`(^|[\\s'"(\`=])/(${['work', 'root', 'home/[a-z]+'].join('|')})/`), "one machine's path"],
  [new RegExp(['registry', 'npmjs'].join('\\.')), "a registry's host"],
];
const TEXT = /\.(m?ts|m?js|json|ya?ml|md|sh|html)$|^\.ci\/run$/;

export async function check() {
  const { code, output } = await capture('git', ['ls-files', '-z']);
  if (code !== 0) return { problems: [], remarks: ['not a git checkout, so nothing was looked at'] };
  const files = output.split('\0').filter(Boolean);
  return {
    problems: [
      ...files.filter((file) => GENERATED.test(file)).map((file) => `${file}: generated`),
      ...files.flatMap(wording),
    ],
  };
}

function wording(file) {
  if (!TEXT.test(file)) return [];
  const lines = readText(file).split('\n');
  return FORBIDDEN.flatMap(([pattern, what]) =>
    lines.flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1} ${what}: ${line.trim().slice(0, 100)}`] : [])),
  );
}

/** A file that is deleted in the working tree but still listed has no text. */
function readText(file) {
  try {
    return readFileSync(at(file), 'utf8');
  } catch {
    return '';
  }
}
