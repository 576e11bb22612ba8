import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COUNTERS, DURATIONS, GAUGES, type Metric, SETTINGS, TEXT_SETTINGS } from '@lossmill/cluster';
import { describe, expect, test } from 'vitest';
import { OBSERVATION_SETTINGS } from '../src/observation.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8').split('\n');

/** Rows of the page's tables that begin with such a name in code marks. */
const rowsOf = (name: RegExp): string[] => page.filter((line) => name.test(/^\| `([^`]+)` /.exec(line)?.[1] ?? ''));

/** Read by tests alone, or by what is not part of a cluster. */
const NOT_FOR_OPERATORS = new Set(['LOSSMILL_FAILPOINT', 'LOSSMILL_TOKEN', 'LOSSMILL_SERVER']);

function* sources(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name === 'node_modules' || name === 'dist' || name === 'test') continue;
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (path.endsWith('.ts')) yield path;
  }
}

describe('docs/operations.md', () => {
  test('has every setting with the default, unit and meaning of the code', () => {
    const texts = [...TEXT_SETTINGS, ...OBSERVATION_SETTINGS];
    const numbers = Object.values(SETTINGS).map((setting) => ({
      ...setting,
      shown: setting.shown ?? String(setting.value()),
    }));
    const rows = [...texts, ...numbers].map(
      ({ variable, shown, unit, meaning }) => `| \`${variable}\` | ${shown} | ${unit} | ${meaning} |`,
    );
    expect(rowsOf(/^LOSSMILL_/).sort()).toEqual(rows.sort());
  });

  test('has every variable that the code reads', () => {
    const read = ['packages', 'apps']
      .flatMap((folder) => [...sources(join(root, folder))])
      .flatMap((path) => readFileSync(path, 'utf8').match(/LOSSMILL_[A-Z_]+/g) ?? []);
    const known = rowsOf(/^LOSSMILL_/).join();
    const missing = [...new Set(read)].filter((name) => !NOT_FOR_OPERATORS.has(name) && !known.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });

  test('has every metric with the role that shows it and the meaning of the code', () => {
    const metrics = [COUNTERS, DURATIONS, GAUGES].flatMap((table) => Object.values(table) as Metric[]);
    const rows = metrics.map(
      ({ name, on, help, label }) => `| \`${name}${label ? `{${label}}` : ''}\` | ${on} | ${help} |`,
    );
    const shown = rowsOf(/^lossmill_/).map((row) => row.split(' | ').slice(0, 3).join(' | '));
    expect(shown.sort()).toEqual(rows.map((row) => row.slice(0, -2)).sort());
  });
});
