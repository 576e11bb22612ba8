import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lossmill } from './helpers/cli.js';
import { folderWith, listing } from './helpers/folder.js';
import { npy } from './helpers/npy.js';
import { arrays, evaluation } from './helpers/refusals.js';
import { zerosNpy } from './helpers/sparse.js';

const csv = 'p,y,w,region\n0.5,1,1,eu\n0.25,0,2,us\n0.75,1,1,eu\n';
const files = { 'a.csv': csv };
const spec = {
  version: 1,
  data: { files: ['a.csv'] },
  columns: { prediction: 'p', target: 'y' },
  losses: ['mse'],
};
/** (0.25 + 0.0625 + 0.0625) / 3 */
const MEAN = 0.125;

describe('reports', () => {
  it.concurrent('prints a table, and on stderr nothing', async () => {
    const { code, stdout, stderr } = await lossmill(evaluation('a.csv', 'mse', '--by', 'region'), {
      cwd: folderWith(files),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/3 rows/);
    expect(stdout).toMatch(/mse by region|by region/);
    expect(stdout).toMatch(/sha256:[0-9a-f]{8}/);
    expect(stderr).not.toContain('error');
  });

  it.concurrent('takes variances from a column or an array, and says when they are missing', async () => {
    const cwd = folderWith({
      'v.csv': 'p,y,v\n2,0,1\n3,3,4\n',
      'p.npy': npy([2, 3]),
      'y.npy': npy([0, 3]),
      'v.npy': npy([1, 4]),
    });
    const loss = 'gaussian_nll:full=true';
    const column = await lossmill(evaluation('v.csv', loss, '--variance', 'v', '--json'), { cwd });
    const array = await lossmill([...arrays('p.npy', 'y.npy', loss), '--variance', 'v.npy', '--json'], { cwd });
    const sum = 2 + Math.log(4) / 2 + Math.log(2 * Math.PI);
    for (const { stdout } of [column, array]) {
      const [{ parameters, sum: found }] = JSON.parse(stdout).losses;
      expect(parameters).toEqual({ full: true, epsilon: 1e-6 });
      expect(found).toBeCloseTo(sum, 12);
    }
    const { code, stderr } = await lossmill(evaluation('v.csv', loss), { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('--variance');
  });

  it.concurrent('prints exactly one JSON value with --json, and nothing on stderr', async () => {
    const { code, stdout, stderr } = await lossmill(evaluation('a.csv', 'mse', '--json'), { cwd: folderWith(files) });
    const report = JSON.parse(stdout);
    expect(report.version).toBe(1);
    expect(report.losses[0].mean).toBe(MEAN);
    expect(report.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it.concurrent('writes --out and --html whole, and what --json prints is what --out holds', async () => {
    const cwd = folderWith(files);
    const { code, stdout } = await lossmill(
      evaluation('a.csv', 'mse', '--json', '--out', 'r.json', '--html', 'r.html'),
      {
        cwd,
      },
    );
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'r.json'), 'utf8')).toBe(stdout);
    const page = readFileSync(join(cwd, 'r.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page.trimEnd()).toMatch(/<\/html>$/);
    expect(Object.keys(listing(cwd))).toEqual(['a.csv', 'r.html', 'r.json']);
  });

  it.concurrent('replaces an older --out, and keeps it when the evaluation fails', async () => {
    const cwd = folderWith({ ...files, 'bad.csv': 'p,y\nnan,1\n', 'r.json': 'older' });
    expect((await lossmill(evaluation('bad.csv', 'mse', '--out', 'r.json'), { cwd })).code).toBe(2);
    expect(readFileSync(join(cwd, 'r.json'), 'utf8')).toBe('older');
    expect((await lossmill(evaluation('a.csv', 'mse', '--out', 'r.json'), { cwd })).code).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8')).losses[0].mean).toBe(MEAN);
  });

  it.concurrent('writes row losses and the gradient, and says where', async () => {
    const cwd = folderWith(files);
    const outputs = ['--row-losses', 'made/rows', '--gradient', 'made/gradient'];
    const { code, stdout } = await lossmill(evaluation('a.csv', 'mse', ...outputs), { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain(join('made', 'rows', 'losses.npy'));
    expect(stdout).toContain(join('made', 'gradient', 'gradient.npy'));
    const data = (path: string) => new Float64Array(new Uint8Array(readFileSync(join(cwd, path)).subarray(128)).buffer);
    expect([...data('made/rows/losses.npy')]).toEqual([0.25, 0.0625, 0.0625]);
    expect([...data('made/gradient/gradient.npy')]).toEqual([-1, 0.5, -0.5]);
  });

  it.concurrent('names the files of several losses by loss', async () => {
    const cwd = folderWith(files);
    await lossmill(evaluation('a.csv', 'mse', '--loss', 'mae', '--row-losses', 'rows'), { cwd });
    expect(Object.keys(listing(join(cwd, 'rows')))).toEqual(['mae.losses.npy', 'mse.losses.npy']);
  });

  it.concurrent('skips bad rows when asked, and counts them', async () => {
    const cwd = folderWith({ 'a.csv': `${csv}nan,1,1,eu\n` });
    const { code, stdout } = await lossmill(evaluation('a.csv', 'mse', '--bad-rows', 'skip', '--json'), { cwd });
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.rows).toMatchObject({ read: 4, used: 3, bad: 1, badReasons: { 'prediction is NaN': 1 } });
    expect(report.losses[0].mean).toBe(MEAN);
  });

  it.concurrent('calls a mean of no rows NaN, with a warning and exit code 0', async () => {
    const { code, stdout } = await lossmill(evaluation('a.csv', 'mse', '--json'), {
      cwd: folderWith({ 'a.csv': 'p,y\n' }),
    });
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.losses[0]).toMatchObject({ sum: 0, mean: 'NaN' });
    expect(report.warnings).not.toHaveLength(0);
  });
});

describe('progress', () => {
  const twoSeconds = (cwd: string, ...more: string[]) => {
    zerosNpy(cwd, 'x.npy', '<f8', [5e8]);
    return lossmill(arrays('x.npy', 'x.npy', 'mse', '--threads', '1', ...more), {
      cwd,
      onStderr: (child, stderr) => {
        if (stderr.includes('evaluating')) child.kill('SIGINT');
      },
    });
  };

  it('is plain lines on stderr without a terminal', async () => {
    const { stdout, stderr } = await twoSeconds(folderWith());
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^evaluating \d+ %, .*rows\/s.*\n/);
    expect(stderr).not.toContain('\r');
    expect(stderr).not.toContain('\u001b');
  });

  it('is nothing with --json and no terminal', async () => {
    const cwd = folderWith();
    zerosNpy(cwd, 'x.npy', '<f8', [3e7]);
    const { code, stderr } = await lossmill(arrays('x.npy', 'x.npy', 'mse', '--threads', '1', '--json'), { cwd });
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});

describe('colours', () => {
  it.concurrent('are not printed into a pipe, with NO_COLOR or without', async () => {
    for (const env of [{}, { NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const { stdout } = await lossmill(evaluation('a.csv'), {
        cwd: folderWith(files),
        env: env as Record<string, string>,
      });
      expect(stdout).not.toContain('\u001b[');
    }
  });
});

describe('plans', () => {
  const cwdWithRows = () =>
    folderWith({ 'p.npy': npy(new Array(1000).fill(1)), 'y.npy': npy(new Array(1000).fill(0)) });

  it.concurrent('are printed, one shard a line, and nothing is evaluated', async () => {
    const cwd = cwdWithRows();
    const args = [...arrays('p.npy', 'y.npy'), '--plan', '--shard-rows', '300', '--out', 'r.json'];
    const { code, stdout } = await lossmill(args, { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/1,000 rows · 2 shards of 512 rows/);
    expect(stdout.match(/p\.npy 512 … 1,000/)).not.toBeNull();
    expect(Object.keys(listing(cwd))).toEqual(['p.npy', 'y.npy']);
  });

  it.concurrent('are one JSON value with --json', async () => {
    const { stdout } = await lossmill([...arrays('p.npy', 'y.npy'), '--plan', '--json', '--shard-rows', '256'], {
      cwd: cwdWithRows(),
    });
    const plan = JSON.parse(stdout);
    expect(plan).toMatchObject({ version: 1, rows: 1000, shardRows: 256, count: 4 });
    expect(plan.shards.map(({ start, end }: { start: number; end: number }) => [start, end])).toEqual([
      [0, 256],
      [256, 512],
      [512, 768],
      [768, 1000],
    ]);
  });
});

describe('exit codes', () => {
  it.concurrent('say 1 when a mean is above the limit, and the report is printed all the same', async () => {
    const above = await lossmill(evaluation('a.csv', 'mse', '--fail-above', '0.1', '--json'), {
      cwd: folderWith(files),
    });
    expect(above.code).toBe(1);
    expect(JSON.parse(above.stdout).losses[0].mean).toBe(MEAN);
    const equal = await lossmill(evaluation('a.csv', 'mse', '--fail-above', '0.125'), { cwd: folderWith(files) });
    expect(equal.code).toBe(0);
  });

  it.concurrent('say 1 when a mean is not a number', async () => {
    const { code } = await lossmill(evaluation('a.csv', 'mse', '--fail-above', '1'), {
      cwd: folderWith({ 'a.csv': 'p,y\n' }),
    });
    expect(code).toBe(1);
  });

  it.concurrent('say 0 for help and version, which go to stdout', async () => {
    for (const args of [['--help'], ['eval', '--help'], ['--version'], []]) {
      const { code, stdout, stderr } = await lossmill(args, { cwd: folderWith() });
      expect(code).toBe(0);
      expect(stdout.length).toBeGreaterThan(4);
      expect(stderr).toBe('');
    }
  });
});

describe('spec files', () => {
  it.concurrent('give the same digest as flags', async () => {
    const cwd = folderWith({ ...files, 'spec.json': JSON.stringify(spec) });
    const fromFile = await lossmill(['eval', '--spec', 'spec.json', '--json'], { cwd });
    const fromFlags = await lossmill(evaluation('a.csv', 'mse', '--json'), { cwd });
    expect(JSON.parse(fromFile.stdout).digest).toBe(JSON.parse(fromFlags.stdout).digest);
  });

  it.concurrent('of many lines give a report a line, in order; a bad line takes its place and the others run', async () => {
    const lines = [
      JSON.stringify(spec),
      '{"version": 1,',
      '',
      JSON.stringify({ ...spec, worst: -1 }),
      JSON.stringify({ ...spec, columns: { prediction: 'q', target: 'y' } }),
      JSON.stringify({ ...spec, data: { files: ['gone.csv'] } }),
      JSON.stringify({ ...spec, losses: ['mae'] }),
    ];
    const cwd = folderWith({ ...files, 'specs.jsonl': lines.join('\n') });
    const { code, stdout, stderr } = await lossmill(['eval', '--spec', 'specs.jsonl', '--json', '--out', 'all.jsonl'], {
      cwd,
    });
    const values = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(values).toHaveLength(6);
    expect(values[0].losses[0]).toMatchObject({ name: 'mse', mean: MEAN });
    expect(values[1]).toEqual({
      version: 1,
      error: { code: 'SPEC_NOT_JSON', message: expect.stringContaining('specs.jsonl, line 2') },
    });
    expect(values[2].error).toMatchObject({ code: 'SPEC_INVALID', path: 'worst' });
    expect(values[3].error).toMatchObject({ code: 'COLUMN_UNKNOWN', path: 'columns.prediction' });
    expect(values[4].error).toMatchObject({ code: 'FILE_NOT_FOUND', message: expect.stringContaining('gone.csv') });
    expect(values[5].losses[0].name).toBe('mae');
    expect(code).toBe(2);
    expect(stderr).toBe('');
    expect(readFileSync(join(cwd, 'all.jsonl'), 'utf8')).toBe(stdout);
  });

  it.concurrent('without --json say on stderr which line is wrong, and print the other tables', async () => {
    const lines = [JSON.stringify(spec), JSON.stringify({ ...spec, worst: -1 })];
    const { code, stdout, stderr } = await lossmill(['eval', '--spec', 'specs.jsonl'], {
      cwd: folderWith({ ...files, 'specs.jsonl': lines.join('\n') }),
    });
    expect(code).toBe(2);
    expect(stdout).toContain('mse');
    expect(stderr).toMatch(/^error: specs\.jsonl, line 2: worst: found -1/);
  });
});

describe('losses', () => {
  it.concurrent('lists every loss, as text and as JSON', async () => {
    const cwd = folderWith();
    const text = await lossmill(['losses'], { cwd });
    const json = await lossmill(['losses', '--json'], { cwd });
    const names = JSON.parse(json.stdout).map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['error', 'mse', 'mae', 'huber', 'bce', 'cross_entropy', 'nll']));
    for (const name of names) expect(text.stdout).toContain(name);
    expect([text.code, json.code]).toEqual([0, 0]);
  });

  it.concurrent('explains one by name or alias', async () => {
    const cwd = folderWith();
    const [name, alias] = await Promise.all([
      lossmill(['losses', 'huber'], { cwd }),
      lossmill(['losses', 'huber_loss'], { cwd }),
    ]);
    expect(name.stdout).toMatch(/delta/);
    expect(alias.stdout).toBe(name.stdout);
  });
});

describe('verify', () => {
  const reported = async (): Promise<string> => {
    const cwd = folderWith({
      'p.npy': npy(Array.from({ length: 2000 }, (_, k) => Math.sin(k))),
      'y.npy': npy(new Array(2000).fill(0.1)),
    });
    await lossmill([...arrays('p.npy', 'y.npy'), '--out', 'r.json'], { cwd });
    return cwd;
  };

  it.concurrent('finds the same digest for every cut and any threads', async () => {
    const cwd = await reported();
    const { code, stdout } = await lossmill(['verify', 'r.json', '--shards', '1,3,8', '--threads', '1,2'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('same digest in 6 of 6');
  });

  it.concurrent('says so as JSON', async () => {
    const cwd = await reported();
    const { code, stdout } = await lossmill(['verify', 'r.json', '--shards', '1,2', '--json'], { cwd });
    const result = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(result.same).toBe(true);
    expect(result.trials).toHaveLength(2);
  });

  it.concurrent('tells which file is another one now', async () => {
    const cwd = await reported();
    writeFileSync(join(cwd, 'p.npy'), npy(Array.from({ length: 2000 }, (_, k) => Math.cos(k))));
    const { code, stdout } = await lossmill(['verify', 'r.json'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toContain('DIFFERS');
    expect(stdout).toContain('p.npy is not the file the report was made from');
  });

  it.concurrent('does not mind when a file was only touched', async () => {
    const cwd = await reported();
    utimesSync(join(cwd, 'p.npy'), new Date(0), new Date(0));
    expect((await lossmill(['verify', 'r.json'], { cwd })).code).toBe(0);
  });

  it.concurrent('tells that a report was edited', async () => {
    const cwd = await reported();
    const path = join(cwd, 'r.json');
    const report = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...report, digest: `sha256:${'0'.repeat(64)}` }));
    const { code, stdout } = await lossmill(['verify', 'r.json'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toMatch(/digest differs.*edited/);
  });
});

describe('an evaluation on a cluster', () => {
  it.concurrent('needs one that answers, as a flag and as a variable, and an empty variable counts as none', async () => {
    const cwd = folderWith(files);
    const flag = await lossmill(evaluation('a.csv', 'mse', '--redis', 'redis://127.0.0.1:1'), { cwd });
    const variable = await lossmill(evaluation('a.csv'), { cwd, env: { LOSSMILL_REDIS: 'redis://127.0.0.1:1' } });
    const empty = await lossmill(evaluation('a.csv'), { cwd, env: { LOSSMILL_REDIS: '' } });
    expect([flag.code, variable.code, empty.code]).toEqual([2, 2, 0]);
    expect(flag.stdout + variable.stdout).toBe('');
  });
});
