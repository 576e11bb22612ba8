import { findLoss, type LossDefinition, LossError, nearest, resolveParameters } from '@lossmill/losses';
import type { z } from 'zod';
import { checkLibrary } from './compat.js';
import { EvaluationError } from './errors.js';
import { commonFamilies } from './family.js';
import { type Spec, specSchema } from './spec-schema.js';

/**
 * Checks a value against the spec's schema and against the combinations that make no sense, before any work.
 * Throws EvaluationError naming the JSON path, what was found and what is allowed.
 */
export function checkSpec(value: unknown): Spec {
  const result = specSchema.safeParse(value);
  if (!result.success) throw schemaError(result.error, value);
  checkLosses(result.data);
  checkAvailable(result.data);
  checkCombinations(result.data);
  checkLibrary(result.data);
  return result.data;
}

const fail = (code: EvaluationError['code'], path: string, message: string): EvaluationError =>
  new EvaluationError(code, `${path}: ${message}`, { path });

function checkLosses(spec: Spec): void {
  const seen = new Set<string>();
  spec.losses.forEach((entry, i) => {
    const { name, ...parameters } = typeof entry === 'string' ? { name: entry } : entry;
    try {
      const loss = findLoss(name);
      const identity = JSON.stringify([loss.name, resolveParameters(loss, parameters)]);
      if (seen.has(identity))
        throw fail('SPEC_COMBINATION', `losses[${i}]`, `${loss.name} is listed twice with the same parameters.`);
      seen.add(identity);
    } catch (error) {
      if (error instanceof LossError) throw fail(error.code, `losses[${i}]`, error.message);
      throw error;
    }
  });
}

/** Parts of the contract that are refused until they are built, never ignored. */
function checkAvailable(spec: Spec): void {
  const later: [present: boolean, path: string, what: string][] = [
    [spec.model !== undefined, 'model', 'Predictions from a model'],
    [spec.columns.compare !== undefined, 'columns.compare', 'A comparison'],
    [spec.bootstrap !== undefined, 'bootstrap', 'The bootstrap'],
  ];
  for (const [present, path, what] of later) {
    if (present) throw fail('NOT_AVAILABLE_YET', path, `${what} is not available yet. Leave it out.`);
  }
  const outputs: [path: string, uri: string | undefined][] = [
    ['gradient.output', typeof spec.gradient === 'object' ? spec.gradient.output : undefined],
    ['rows.output', spec.rows?.output],
  ];
  for (const [path, uri] of outputs) {
    const scheme = uri === undefined ? null : /^([a-z][a-z0-9+.-]+):\/\//i.exec(uri);
    if (scheme && scheme[1].toLowerCase() !== 's3')
      throw fail(
        'SPEC_INVALID',
        path,
        `found a ${scheme[1]}:// URL, where nothing can be written. Give a folder, or s3://BUCKET/PREFIX.`,
      );
  }
}

function checkCombinations(spec: Spec): void {
  const { files, arrays, inline, format } = spec.data;
  const given = Object.entries({ files, arrays, inline }).filter(([, part]) => part !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none of them' : given.map(([name]) => name).join(' and ');
    throw fail('SPEC_COMBINATION', 'data', `exactly one of files, arrays and inline is wanted, but it has ${found}.`);
  }
  if (format !== undefined && files === undefined) {
    throw fail('SPEC_COMBINATION', 'data.format', `"${format}" says how to read data.files, but there are none.`);
  }
  checkInput(spec);
  checkVariance(spec);
  const { prediction, target, variance } = spec.columns;
  for (const [role, names] of Object.entries({ prediction, target, variance })) {
    if (Array.isArray(names) && new Set(names).size !== names.length)
      throw fail('SPEC_COMBINATION', `columns.${role}`, 'a column is listed twice.');
  }
  if (typeof prediction === 'string' && prediction === target) {
    throw fail('SPEC_COMBINATION', 'columns.target', `"${target}" is also the prediction.`);
  }
  const keys = (spec.slices ?? []).map((slice) => JSON.stringify([slice].flat()));
  keys.forEach((key, i) => {
    const names = JSON.parse(key) as string[];
    if (keys.indexOf(key) !== i)
      throw fail('SPEC_COMBINATION', `slices[${i}]`, `${names.join(' x ')} is listed twice.`);
    if (new Set(names).size !== names.length)
      throw fail('SPEC_COMBINATION', `slices[${i}]`, 'a column is crossed with itself.');
  });
  if (spec.classes && new Set(spec.classes).size !== spec.classes.length) {
    throw fail('SPEC_COMBINATION', 'classes', 'a class is listed twice.');
  }
}

const lossesOf = (spec: Spec) => spec.losses.map((entry) => findLoss(typeof entry === 'string' ? entry : entry.name));

/** A variance column is there exactly where a loss takes it. */
function checkVariance(spec: Spec): void {
  const { variance } = spec.columns;
  const wanting = lossesOf(spec).find((loss) => loss.wantsVariance);
  if (wanting && variance === undefined) {
    throw fail(
      'SPEC_COMBINATION',
      'columns.variance',
      `${wanting.name} takes a variance a row: name its column (--variance).`,
    );
  }
  if (!wanting && variance !== undefined) {
    const names = lossesOf(spec).map((loss) => loss.name);
    throw fail(
      'SPEC_COMBINATION',
      'columns.variance',
      `"${variance}" says nothing to ${names.join(' and ')}: only gaussian_nll takes a variance.`,
    );
  }
}

function checkInput(spec: Spec): void {
  const losses = lossesOf(spec);
  if (commonFamilies(losses).length === 0) {
    const names = losses.map((loss) => loss.name).join(', ');
    throw fail(
      'SPEC_COMBINATION',
      'losses',
      `${names}: ${whyApart(losses)}; one evaluation has one prediction. Make two.`,
    );
  }
  if (spec.input === undefined) return;
  const choosing = losses.filter((loss) => loss.inputs.length > 0);
  if (choosing.length === 0) {
    throw fail(
      'SPEC_COMBINATION',
      'input',
      `"${spec.input}" says nothing to ${losses[0].name}, which takes any number.`,
    );
  }
  for (const loss of choosing) {
    if (!loss.inputs.includes(spec.input)) {
      throw fail('SPEC_COMBINATION', 'input', `${loss.name} takes ${loss.inputs.join(' or ')}, not ${spec.input}.`);
    }
  }
}

/** Why no prediction suits all of the losses. */
function whyApart(losses: readonly LossDefinition[]): string {
  if (losses.some((loss) => loss.family === 'vectors')) return 'some want vectors for targets, some do not';
  return 'some want one prediction a row, some C';
}

function schemaError(error: z.ZodError, value: unknown): EvaluationError {
  const issue = deepest(error.issues);
  const path = pathText(issue.path);
  const at = path || 'spec';
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0];
    const place = path ? `${path}.${key}` : key;
    const near = nearest(key, knownKeys(issue.path));
    return fail(
      'SPEC_UNKNOWN_KEY',
      place,
      `there is no such field.${near ? ` Did you mean "${near}"?` : ` ${at} has ${knownKeys(issue.path).join(', ')}.`}`,
    );
  }
  const found = show(
    issue.path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key], value),
  );
  return fail('SPEC_INVALID', at, `found ${found}, but ${wanted(issue)}.`);
}

type Issue = z.core.$ZodIssue;

/** Of a union's branches, the issue that got furthest says most. */
function deepest(issues: readonly Issue[]): Issue {
  const issue = issues[0];
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors
    .filter((branch) => branch.length > 0)
    .map((branch) => deepest(branch))
    .filter((branch) => branch.path.length > 0 || branch.code === 'unrecognized_keys');
  if (inner.length !== 1) return issue;
  return { ...inner[0], path: [...issue.path, ...inner[0].path] } as Issue;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? String(key) : `.${String(key)}`))
    .join('');
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = specSchema;
  for (const key of path) {
    while (hasInner(schema)) schema = schema.unwrap();
    schema = (schema as { shape?: Record<PropertyKey, unknown> }).shape?.[key];
  }
  while (hasInner(schema)) schema = schema.unwrap();
  return Object.keys((schema as { shape?: object } | undefined)?.shape ?? {});
}

const hasInner = (schema: unknown): schema is { unwrap(): unknown } =>
  typeof (schema as { unwrap?: unknown } | undefined)?.unwrap === 'function';

function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.expected === 'int' ? 'a whole number' : article(issue.expected)} is wanted`;
    case 'invalid_value':
      return `${issue.values.map((entry) => JSON.stringify(entry)).join(' | ')} is allowed`;
    case 'too_small':
      return `${issue.origin === 'array' || issue.origin === 'string' ? 'its length' : 'it'} must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `it must be ${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`;
    case 'invalid_union':
      return UNIONS[pathText(issue.path).replace(/\[\d+\]/g, '')] ?? 'that is not one of the allowed forms';
    default:
      return issue.message;
  }
}

const article = (type: string): string =>
  ({ object: 'an object', array: 'a list', string: 'a text' })[type] ?? `a ${type}`;

const UNIONS: Record<string, string> = {
  'quantization.scale': 'a number above 0 or a list of them, one a class, is wanted',
  'quantization.zeroPoint': 'a whole number or a list of them, one a class, is wanted',
  'columns.prediction': 'a column name or a list of column names is wanted',
  'columns.target': 'a column name or a list of column names is wanted',
  'columns.variance': 'a column name or a list of column names is wanted',
  losses: 'a loss name or an object with a name is wanted',
  slices: 'a column name or a list of column names is wanted',
  gradient: '"none", "norms", "summary" or { "output": DIR, "summary": true or false } is allowed',
  shard: '{ "rows": N } or { "bytes": N } with a whole number above 0 is allowed',
};

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  // Queries of URLs may be signatures.
  const json = jsonOf(value).replace(/(https?:[^"?#\s]*)[?#][^"\s]*/gi, '$1');
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

/** JSON.stringify overflows the stack on what JSON.parse still reads. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'a value nested too deeply to show';
  }
}
