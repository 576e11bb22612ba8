// Source files as the checks see them: parsed once, with their imports, exports and functions.
import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import { at } from './run.mjs';

const parsed = new Map();

/** Parse a file (path relative to the root). AssemblyScript's decorators on functions are not TypeScript: never pass those. */
export function parse(path) {
  if (!parsed.has(path)) {
    const text = readFileSync(at(path), 'utf8');
    const { program, module, errors } = parseSync(path, text);
    if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
    parsed.set(path, { path, text, program, module });
  }
  return parsed.get(path);
}

/** Every module a file names: static imports, re-exports and dynamic imports of a plain string. { from, line } each. */
export function importsOf(path) {
  const { text, module, program } = parse(path);
  const found = [];
  const add = (from, start) => found.push({ from, line: lineOf(text, start) });
  for (const { moduleRequest } of module.staticImports) add(moduleRequest.value, moduleRequest.start);
  for (const { entries, start } of module.staticExports)
    for (const { moduleRequest } of entries) if (moduleRequest !== null) add(moduleRequest.value, start);
  visit(program, (node) => {
    if (node.type === 'ImportExpression' && node.source.type === 'Literal') add(node.source.value, node.start);
  });
  return found;
}

/** Every function with a body: { name, line, lines }. */
export function functionsOf(path) {
  const { text, program } = parse(path);
  const found = [];
  visit(program, (node, parent) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type) || !node.body) return;
    const line = lineOf(text, node.start);
    found.push({ name: nameOf(node, parent), line, lines: lineOf(text, node.end) - line + 1 });
  });
  return found;
}

/** Call `meet(node, parent)` for every node of a syntax tree. */
export function visit(node, meet, parent = null) {
  if (Array.isArray(node)) {
    for (const child of node) visit(child, meet, parent);
  } else if (node !== null && typeof node === 'object') {
    if (typeof node.type === 'string') meet(node, parent);
    const next = typeof node.type === 'string' ? node : parent;
    for (const key in node) visit(node[key], meet, next);
  }
}

function lineOf(text, offset) {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

const nameOf = (node, parent) => node.id?.name ?? parent?.key?.name ?? parent?.id?.name ?? 'anonymous';
