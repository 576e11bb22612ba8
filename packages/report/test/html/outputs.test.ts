import { expect, it } from 'vitest';
import { renderHtml } from '../../src/index.js';
import { loss, output, report } from '../sample.js';

const page = (n: number, name = 'y') =>
  renderHtml(
    report([loss({ name: 'mse', outputs: Array.from({ length: n }, (_, k) => output(k, k + 1, { r2: 0.25 }, name)) })]),
  );

it('has a table of the outputs', async () => {
  const text = await page(3);
  expect(text).toContain('A row has 3 outputs');
  expect(text).toContain('<th scope="row">y[2]</th>');
  expect(text).toContain('>0.25</td>');
});

it('lists the worst 50 of more, and escapes their names', async () => {
  const text = await page(60, '<y>');
  expect(text).toContain('The 50 worst of 60 outputs by mse');
  expect(text).toContain('&lt;y&gt;[59]');
  expect(text).not.toContain('<th scope="row"><y>');
});

it('has none where a row has one output', async () => {
  expect(await renderHtml(report([loss()]))).not.toContain('outputs; its loss');
});
