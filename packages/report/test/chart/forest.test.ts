import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { forestChart } from '../../src/chart/forest.js';
import { sliceGroups } from '../../src/view/slices.js';
import { loss, slice } from '../sample.js';

function chart(slices: ReturnType<typeof slice>[], overall = 20, width = 800): string | null {
  const [group] = sliceGroups(loss({ mean: overall, slices }), 0.95);
  return forestChart({ slices: group.slices, overall, width, title: 'mae by a', description: 'Three groups.' });
}

function parsed(svg: string | null): Element {
  const { document } = parseHTML(`<!doctype html><html><body>${svg}</body></html>`);
  return document.querySelector('svg') as unknown as Element;
}

const three = [slice({ a: 'high' }, 30, 1), slice({ a: 'middle' }, 20, 1), slice({ a: 'low' }, 10, 1)];

describe('forestChart', () => {
  test('draws a dot and an interval a group, and one line at the overall mean', () => {
    const svg = parsed(chart(three));
    expect(svg.querySelectorAll('[aria-label="dot"] circle')).toHaveLength(3);
    expect(svg.querySelectorAll('[aria-label="link"] path')).toHaveLength(3);
    expect(svg.querySelectorAll('[aria-label="rule"] line')).toHaveLength(1);
  });

  test('tells worse from better by filling as well as by colour', () => {
    const fills = [...parsed(chart(three)).querySelectorAll('circle')].map((dot) => dot.getAttribute('fill'));
    expect(fills).toEqual(['var(--worse)', 'var(--muted)', 'var(--page)']);
  });

  test('has a title and a description for those who do not see it', () => {
    const svg = parsed(chart(three));
    expect(svg.getAttribute('role')).toBe('img');
    expect(svg.querySelector('title')?.textContent).toBe('mae by a');
    expect(svg.querySelector('desc')?.textContent).toBe('Three groups.');
  });

  test('writes the names and the means beside the picture', () => {
    const text = parsed(chart(three)).textContent ?? '';
    for (const part of ['high', 'middle', 'low', '30.0 ± 1.0', '10.0 ± 1.0']) expect(text).toContain(part);
  });

  test('escapes names and shortens long ones', () => {
    const svg = chart([slice({ a: '<script>alert(1)</script>' }, 1, 0.1), slice({ a: 'x'.repeat(500) }, 2, 0.1)]);
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx');
    expect(parsed(svg).textContent).toContain('<script>alert(1)</');
  });

  test('keeps apart groups of the same name', () => {
    expect(parsed(chart([slice({ a: '1' }, 1, 0.1), slice({ a: 1 }, 2, 0.1)])).querySelectorAll('circle')).toHaveLength(
      2,
    );
  });

  test('draws the finite ones beside an infinite one, and only names that', () => {
    const infinite = {
      ...slice({ a: 'inf' }, 0, 0),
      mean: 'Infinity' as const,
      interval: ['NaN', 'NaN'] as ['NaN', 'NaN'],
    };
    const svg = parsed(chart([infinite, slice({ a: 'fine' }, 1, 0.1)], Number.POSITIVE_INFINITY));
    expect(svg.querySelectorAll('circle')).toHaveLength(1);
    expect(svg.querySelectorAll('[aria-label="rule"] line')).toHaveLength(0);
    expect(svg.textContent).toContain('Infinity');
  });

  test('gives a single value a window of its own', () => {
    expect(chart([slice({ a: 1 }, 20, 0)])).not.toContain('NaN');
    expect(chart([slice({ a: 1 }, 0, 0)], 0)).not.toContain('NaN');
  });

  test('is null where no axis could hold the means', () => {
    expect(chart([slice({ a: 1 }, 1e308, 1), slice({ a: 2 }, -1e308, 1)], 0)).toBeNull();
    expect(chart([{ ...slice({ a: 1 }, 0, 0), mean: 'NaN' }], Number.NaN)).toBeNull();
  });

  test('is the same text for the same report', () => {
    expect(chart(three)).toBe(chart(three));
  });
});
