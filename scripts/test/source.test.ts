import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../lib/run.mjs';
import { functionsOf, importsOf } from '../lib/source.mjs';

mkdirSync(join(root, '.cache'), { recursive: true });
const folder = mkdtempSync(join(root, '.cache', 'source-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return relative(root, join(folder, name));
}

describe('what the checks see in a source file', () => {
  it('finds static, type-only, re-exported and dynamic imports with their lines', () => {
    const path = file(
      'imports.ts',
      `import { a } from './a.js';\nimport type { B } from './b.js';\nexport { c } from './c.js';\nexport * from './d.js';\nconst e = await import('./e.js');\n// import './no.js'\nconst text = "import './no.js'";\nexport const all: B[] = [a, e, text];\n`,
    );
    expect(importsOf(path)).toEqual([
      { from: './a.js', line: 1 },
      { from: './b.js', line: 2 },
      { from: './c.js', line: 3 },
      { from: './d.js', line: 4 },
      { from: './e.js', line: 5 },
    ]);
  });

  it('measures functions by name, with their first and last lines', () => {
    const path = file(
      'functions.ts',
      `export function one(): number {\n  return 1;\n}\nconst two = () => {\n  one();\n  one();\n};\nexport class Three {\n  four(): void {\n    two();\n  }\n}\n`,
    );
    expect(functionsOf(path)).toEqual([
      { name: 'one', line: 1, lines: 3 },
      { name: 'two', line: 4, lines: 4 },
      { name: 'four', line: 9, lines: 3 },
    ]);
  });
});
