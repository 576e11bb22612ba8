import { expect, it } from 'vitest';
import { renderTerminal } from '../../src/index.js';
import { loss, output, report } from '../sample.js';

const many = (n: number) =>
  report([loss({ name: 'mse', outputs: Array.from({ length: n }, (_, k) => output(k, k + 1, { r2: 0.5 })) })]);

const render = (n: number, width = 100) => renderTerminal(many(n), { color: false, width });

it('lists each output with its mean, error bar and r2', () => {
  expect(render(3)).toContain(
    [
      '  output   mse           r2',
      '  y[0]     1.00 ± 0.10   0.5',
      '  y[1]     2.00 ± 0.10   0.5',
      '  y[2]     3.00 ± 0.10   0.5',
    ].join('\n'),
  );
});

it('lists the worst of many and says so', () => {
  const text = render(40);
  expect(text).toContain('the 12 worst of 40 outputs by mse; all 19.604 ± 0.022');
  expect(text).toContain('y[39]');
  expect(text).not.toContain('y[27]');
});

it('stays within the width of the terminal', () => {
  for (const width of [40, 50, 80]) {
    for (const line of render(40, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  }
});
