import { CATALOGUE } from '@lossmill/losses';
import { describe, expect, it } from 'vitest';
import { lossList, lossPage } from '../src/losses-command.js';

describe('the pages of losses', () => {
  it.each(CATALOGUE.map((loss) => [loss.name, loss] as const))('say everything in 80 columns: %s', (name, loss) => {
    const page = lossPage(name, false);
    for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const words = page.replace(/\s+/g, ' ');
    const texts = [loss.about, loss.stability, ...loss.aliases, ...Object.entries(loss.elsewhere).flat()];
    const cases = [loss.formula, loss.gradient, loss.curvature, loss.domain].flatMap((text) => text.split(/;\s+/));
    for (const text of [...texts, ...cases]) expect(words).toContain(text.replace(/\s+/g, ' '));
    for (const parameter of loss.parameters) expect(words).toContain(`${parameter.name} ${parameter.about}`);
    for (const input of loss.inputs) expect(words).toContain(input);
  });

  it('list every loss and alias in 80 columns', () => {
    const list = lossList(false);
    for (const line of list.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const { name, aliases } of CATALOGUE) for (const word of [name, ...aliases]) expect(list).toContain(word);
  });

  it('give the same as JSON', () => {
    expect(JSON.parse(lossPage('huber', true))).toMatchObject({
      name: 'huber',
      gradient: 'clip(e, -delta, delta)',
      curvature: '1 where |e| <= delta, else 0',
      parameters: [{ name: 'delta', default: 1 }],
    });
  });
});
