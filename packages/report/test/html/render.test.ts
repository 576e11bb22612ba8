import { createHash } from 'node:crypto';
import type { Report } from '@lossmill/evaluation';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../src/index.js';
import { anyReport } from '../arbitrary.js';
import { flights, loss, report, slice } from '../sample.js';

async function page(of: Report) {
  const text = await renderHtml(of);
  return { text, document: parseHTML(text).document };
}

function words(element: { textContent: string | null } | null): string {
  return (element?.textContent ?? '').replace(/\s+/g, ' ');
}

describe('renderHtml', async () => {
  const { text, document } = await page(flights());

  test('says what was measured on what', () => {
    expect(words(document.querySelector('h1'))).toBe('mae, mse, huber and bce of flights.parquet');
    expect(words(document.querySelector('title'))).toBe('mae 19.604 ± 0.022 and 3 more, flights.parquet');
  });

  test('has a card a loss with mean, error bar and interval', () => {
    const cards = [...document.querySelectorAll('.card')].map(words);
    expect(cards).toHaveLength(4);
    expect(cards[0]).toContain('19.604 ± 0.022');
    expect(cards[0]).toContain('19.562 … 19.647');
    expect(cards[3]).toContain('perplexity1.57025 ± 0.00065');
  });

  test('explains every denominator by who uses it', () => {
    const numbers = words(document.querySelector('[aria-labelledby=numbers]'));
    for (const user of ['scikit-learn', 'Keras', 'torch', 'tfjs']) expect(numbers).toContain(user);
  });

  test('draws every slice column twice, for wide and narrow screens, and lists all groups', () => {
    const section = document.querySelector('[aria-labelledby=slices]');
    expect([...(section?.querySelectorAll('h3') ?? [])].map(words)).toEqual(['mae by origin', 'mae by origin × hour']);
    expect(section?.querySelectorAll('figure svg[role=img]')).toHaveLength(4);
    const [origins] = section?.querySelectorAll('table') ?? [];
    expect(origins.querySelectorAll('tbody tr')).toHaveLength(51);
    expect(words(section)).toContain('The 30 worst of 51.');
  });

  test('lists the worst rows of every loss', () => {
    const tables = document.querySelectorAll('[aria-labelledby=worst] table');
    expect(tables).toHaveLength(4);
    expect(words(tables[0].querySelector('tbody tr'))).toBe('1,380flights.parquet1,204,11881,388');
  });

  test('says how the number was made and how to check it', () => {
    const provenance = words(document.querySelector('[aria-labelledby=provenance]'));
    for (const part of [flights().digest, 'lossmill verify report.json', 'sha256:77aa', '"confidence": 0.95', '0.1.0'])
      expect(provenance).toContain(part);
  });

  test('holds the whole report as JSON', () => {
    expect(JSON.parse(document.querySelector('#report')?.textContent ?? '')).toEqual(flights());
  });

  test('needs nothing from elsewhere', () => {
    expect(text).not.toMatch(/(?:src|href)="(?!data:,)|url\(|@import|https?:\/\/(?!www\.w3\.org)/);
    expect(document.querySelectorAll('link[rel=stylesheet], img, iframe')).toHaveLength(0);
  });

  test('allows only its own script', () => {
    const scripts = [...document.querySelectorAll('script:not([type])')].map((script) => script.textContent ?? '');
    const hash = createHash('sha256').update(scripts[0]).digest('base64');
    expect(scripts).toHaveLength(1);
    expect(document.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain(
      `script-src 'sha256-${hash}'`,
    );
    expect(() => new Function(scripts[0])).not.toThrow();
  });

  test('has headers and a caption on every table, and unique ids', () => {
    for (const table of document.querySelectorAll('table')) {
      expect(table.querySelectorAll('caption')).toHaveLength(1);
      for (const cell of table.querySelectorAll('thead th')) expect(cell.getAttribute('scope')).toBe('col');
    }
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is the same text for the same report', async () => {
    expect(await renderHtml(flights())).toBe(text);
  });
});

describe('renderHtml with unusual reports', () => {
  const evil = '"><script>alert(1)</script><!--\u0000';

  test('makes names from the data harmless wherever they stand', async () => {
    const worst = [{ source: evil, row: 1, id: evil, loss: 1, prediction: [1, 2], target: evil }];
    const hostile = loss({ name: evil, parameters: { [evil]: 1 }, slices: [slice({ [evil]: evil }, 1, 0.1)], worst });
    const rows = { read: 2, used: 1, ignored: 0, bad: 1, badReasons: { [evil]: 1 } };
    const base = report([hostile]);
    const { document } = await page({
      ...base,
      digest: evil,
      spec: { [evil]: evil, sources: [{ uri: evil, fingerprint: evil }] },
      rows,
      warnings: [evil],
      run: { ...base.run, startedAt: evil, version: evil },
    });
    expect(document.querySelectorAll('script')).toHaveLength(2);
    expect(words(document.querySelector('.notice'))).toContain('<script>alert(1)</script>');
    expect(JSON.parse(document.querySelector('#report')?.textContent ?? '').digest).toBe(evil);
  });

  test('puts bad rows and warnings first', async () => {
    const rows = { read: 1000, used: 580, ignored: 8, bad: 412, badReasons: { 'p is NaN': 400, 'y is missing': 12 } };
    const notice = words(
      (await page(report([loss()], { rows, warnings: ['Careful.'] }))).document.querySelector('.notice'),
    );
    expect(notice).toContain('412 of 1,000 rows are bad and were skipped: 400 p is NaN, 12 y is missing.');
    expect(notice).toContain('8 rows were ignored');
    expect(notice).toContain('Careful.');
    expect((await page(report([loss()]))).document.querySelector('.notice')).toBeNull();
  });

  test('lists at most a thousand groups and says so; the JSON has all', async () => {
    const slices = Array.from({ length: 1200 }, (_, i) => slice({ a: i }, i, 0.1));
    const { document } = await page(report([loss({ slices })]));
    const section = document.querySelector('[aria-labelledby=slices]');
    expect(section?.querySelectorAll('tbody tr')).toHaveLength(1000);
    expect(words(section)).toContain('The 1,000 worst of 1,200 as a table');
    expect(JSON.parse(document.querySelector('#report')?.textContent ?? '').losses[0].slices).toHaveLength(1200);
  });

  test('shows many losses as a table instead of cards', async () => {
    const { document } = await page(report(Array.from({ length: 20 }, (_, i) => loss({ name: `loss_${i}` }))));
    expect(document.querySelectorAll('.card')).toHaveLength(0);
    expect(document.querySelectorAll('[aria-labelledby=numbers] table')[0].querySelectorAll('tbody tr')).toHaveLength(
      20,
    );
    expect(words(document.querySelector('h1'))).toBe('20 losses of flights.parquet');
  });

  test('leaves out sections that have nothing to show', async () => {
    const { document } = await page(report([loss()], { spec: {} }));
    expect(document.querySelector('#slices')).toBeNull();
    expect(document.querySelector('#worst')).toBeNull();
    expect(words(document.querySelector('h1'))).toBe('mae of inline data');
  });

  test('shows the gradient where it was asked for', async () => {
    const { document } = await page(report([loss({ gradient: { l2: 3.5, linf: 1, mean: 'NaN' } })]));
    expect(words(document.querySelector('[aria-labelledby=numbers]'))).toContain('Gradient of the weighted sum');
  });

  test('shows mean gradients and what the noise scale means', async () => {
    const gradient = { l2: 3.5, linf: 1, mean: 0.1, covarianceTrace: 2, squaredNorm: 0.5, noiseScale: 4 };
    const meanGradient = Array.from({ length: 60 }, (_, k) => (k % 2 === 0 ? k : -k));
    const { document } = await page(report([loss({ gradient: { ...gradient, meanGradient } })]));
    const text = words(document.querySelector('[aria-labelledby=numbers]'));
    expect(text).toContain('4 rows');
    expect(text).toContain('Mean gradient of a row, the 50 largest of 60 entries');
    const last = [...document.querySelectorAll('[aria-labelledby=numbers] table')].at(-1);
    expect(words(last?.querySelector('tbody tr') ?? null)).toBe('1010');
  });

  test('never throws, and always holds the report, for any report', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (any) => {
        const { text, document } = await page(any);
        expect(text).not.toContain('<script>alert');
        expect(document.querySelectorAll('script')).toHaveLength(2);
        expect(JSON.parse(document.querySelector('#report')?.textContent ?? '')).toEqual(
          JSON.parse(JSON.stringify(any)),
        );
      }),
      { numRuns: 60 },
    );
  });
});
