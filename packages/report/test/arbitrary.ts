import type { Estimate, JsonNumber, LossReport, Report, SliceReport, WorstRow } from '@lossmill/evaluation';
import fc from 'fast-check';

/** Any number a report may hold, the awkward ones often. */
const number: fc.Arbitrary<JsonNumber> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom<JsonNumber>('NaN', 'Infinity', '-Infinity', 0, 1, 1e16, 5e-324, 1.7976931348623157e308),
);
const interval = fc.tuple(number, number);
const count = fc.oneof(fc.nat(), fc.constantFrom(0, 1, 2, Number.MAX_SAFE_INTEGER));
/** Text as data has it: markup, escapes, wide and joined characters, half surrogates. */
export const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '</script><!--',
    '"\'><img src=x>',
    '\u001b[2J',
    '日本語',
    '👩‍🔬',
    '\ud800',
    '',
    '__proto__',
  ),
);
const estimate: fc.Arbitrary<Estimate> = fc.record({ value: number, stderr: number, interval });
const key = fc.dictionary(text, fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null)), {
  minKeys: 1,
  maxKeys: 3,
});
const slice: fc.Arbitrary<SliceReport> = fc.record({
  key,
  count,
  weight: number,
  sum: number,
  mean: number,
  stderr: number,
  interval,
});
const value = fc.oneof(number, fc.array(number, { maxLength: 12 }));
const worst: fc.Arbitrary<WorstRow> = fc.record({
  source: text,
  row: count,
  id: fc.oneof(text, fc.integer(), fc.constant(null)),
  loss: number,
  prediction: value,
  target: fc.oneof(value, text),
});
const loss: fc.Arbitrary<LossReport> = fc.record(
  {
    name: fc.oneof(fc.constantFrom('error', 'mse', 'huber', 'bce'), text),
    parameters: fc.dictionary(text, value, { maxKeys: 3 }),
    count,
    weight: number,
    sum: number,
    mean: number,
    means: fc.record({ weight: number, rows: number, elements: number, nonzero: number }),
    std: number,
    stderr: number,
    interval,
    min: number,
    max: number,
    derived: fc.record(
      { rmse: estimate, perplexity: estimate, bits: estimate, accuracy: estimate },
      { requiredKeys: [] },
    ),
    gradient: fc.record(
      {
        ...{ l2: number, linf: number, mean: number },
        ...{ meanGradient: fc.oneof(number, fc.array(number, { minLength: 2, maxLength: 80 })), noiseScale: number },
        ...{ covarianceTrace: number, squaredNorm: number },
      },
      { requiredKeys: ['l2', 'linf', 'mean'] },
    ),
    slices: fc.array(slice, { maxLength: 6 }),
    worst: fc.array(worst, { maxLength: 3 }),
  },
  {
    requiredKeys: [
      'name',
      'parameters',
      'count',
      'weight',
      'sum',
      'mean',
      'means',
      'std',
      'stderr',
      'interval',
      'min',
      'max',
      'derived',
      'slices',
      'worst',
    ],
  },
);

/** Any report the types allow. */
export const anyReport: fc.Arbitrary<Report> = fc.record({
  version: fc.constant(1 as const),
  digest: text,
  spec: fc.dictionary(text, fc.jsonValue()) as fc.Arbitrary<Record<string, unknown>>,
  rows: fc.record({ read: count, used: count, ignored: count, bad: count, badReasons: fc.dictionary(text, count) }),
  losses: fc.array(loss, { maxLength: 4 }),
  warnings: fc.array(text, { maxLength: 3 }),
  run: fc.record({
    startedAt: fc.oneof(text, fc.constant('2026-11-22T13:33:55.000Z')),
    seconds: fc.double({ min: 0, noNaN: true }),
    rowsPerSecond: fc.double({ min: 0, noNaN: true }),
    bytesRead: count,
    shards: fc.record({ rows: count, planned: count, counted: count, retried: count }),
    workers: count,
    threads: count,
    version: text,
  }),
});
