// Every error code that a package's errors.ts declares is explained in docs/errors.md, and no other is.
import { existsSync, readFileSync } from 'node:fs';
import { at } from '../lib/run.mjs';
import { parse, visit } from '../lib/source.mjs';
import { filesBelow } from '../lib/workspace.mjs';

export const title = 'errors: every code is in docs/errors.md';

const PAGE = 'docs/errors.md';
const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

export function check() {
  const declared = new Map();
  for (const file of ['packages', 'apps'].flatMap((folder) => filesBelow(folder, /^errors\.ts$/)))
    for (const code of codesOf(file)) declared.set(code, file);
  const page = existsSync(at(PAGE)) ? readFileSync(at(PAGE), 'utf8') : '';
  const explained = new Set(
    [...page.matchAll(/`([A-Z0-9_]+)`/g)].map(([, code]) => code).filter((code) => CODE.test(code)),
  );
  return {
    problems: [
      ...[...declared]
        .filter(([code]) => !explained.has(code))
        .map(([code, file]) => `${PAGE} lacks ${code} of ${file}`),
      ...[...explained]
        .filter((code) => !declared.has(code) && !code.startsWith('LOSSMILL_'))
        .map((code) => `${PAGE} explains ${code}, which no errors.ts declares`),
    ],
  };
}

/** Codes are string literal types, whatever the type around them is called. */
function codesOf(file) {
  const codes = new Set();
  visit(parse(file).program, (node) => {
    if (node.type === 'TSLiteralType' && CODE.test(node.literal.value ?? '')) codes.add(node.literal.value);
  });
  return codes;
}
