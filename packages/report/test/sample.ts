import type { Interval, JsonNumber, LossReport, OutputReport, Report, SliceReport } from '@lossmill/evaluation';

function interval(mean: number, stderr: number): Interval {
  return [mean - 1.96 * stderr, mean + 1.96 * stderr];
}

export function slice(key: SliceReport['key'], mean: number, stderr: number, count = 1000): SliceReport {
  return { key, count, weight: count, sum: mean * count, mean, stderr, interval: interval(mean, stderr) };
}

/** The k-th output of some rows, its error bar 0.1. */
export function output(k: number, mean: JsonNumber, derived: { r2?: number } = {}, name = 'y'): OutputReport {
  const r2 = { value: derived.r2 ?? 0, stderr: 'NaN', interval: ['NaN', 'NaN'] } as const;
  return {
    index: k,
    name: `${name}[${k}]`,
    count: 1000,
    weight: 1000,
    sum: typeof mean === 'number' ? mean * 1000 : mean,
    mean,
    std: 3.2,
    stderr: 0.1,
    interval: typeof mean === 'number' ? interval(mean, 0.1) : ['NaN', 'NaN'],
    derived: derived.r2 === undefined ? {} : { r2: { ...r2, interval: [...r2.interval] } },
  };
}

/** A loss with everything a report must have; `over` replaces what a test is about. */
export function loss(over: Partial<LossReport> = {}): LossReport {
  const mean = typeof over.mean === 'number' ? over.mean : 19.6041;
  const stderr = typeof over.stderr === 'number' ? over.stderr : 0.0217;
  const means = { weight: mean, rows: mean, elements: mean, nonzero: mean };
  return {
    name: 'mae',
    parameters: {},
    count: 2_000_000,
    weight: 2_000_000,
    sum: mean * 2_000_000,
    mean,
    means,
    std: 30.6237,
    stderr,
    interval: interval(mean, stderr),
    min: 0,
    max: 1380,
    derived: {},
    slices: [],
    worst: [],
    ...over,
  };
}

export function report(losses: LossReport[], over: Partial<Report> = {}): Report {
  return {
    version: 1,
    digest: `sha256:${'9f2c41d07be1'.repeat(6).slice(0, 64)}`,
    spec: {
      version: 1,
      data: { files: ['flights.parquet'] },
      columns: { prediction: 'predicted', target: 'delay' },
      losses: losses.map(({ name }) => ({ name })),
      confidence: 0.95,
      sources: [{ uri: 'flights.parquet', rows: 2_000_000, bytes: 24_117_248, fingerprint: 'sha256:77aa' }],
    },
    rows: { read: 2_000_000, used: 2_000_000, ignored: 0, bad: 0, badReasons: {} },
    losses,
    warnings: [],
    run: {
      startedAt: '2026-11-22T13:33:55.000Z',
      seconds: 0.19,
      rowsPerSecond: 10_526_315,
      bytesRead: 24_117_248,
      shards: { rows: 262_144, planned: 8, counted: 8, retried: 0 },
      workers: 1,
      threads: 2,
      version: '0.1.0',
    },
    ...over,
  };
}

const airports = ['EWR', 'ORD', 'JFK', 'LGA', 'ATL', 'DFW', 'DEN', 'LAX', 'SFO', 'BOS', 'PHX', 'SEA', 'MSP', 'DTW'];

/** The shape of the flights example: four losses, slices by origin (51) and by origin x hour. */
export function flights(): Report {
  const origins = Array.from({ length: 51 }, (_, i) =>
    slice({ origin: airports[i] ?? `X${i}` }, 24.9 - 0.22 * i, 0.1 + 0.012 * i, 41_208 - 777 * i),
  );
  const crossed = Array.from({ length: 8 }, (_, i) =>
    slice({ origin: airports[i], hour: 17 + (i % 3) }, 25 - i * 0.9, 0.9, 900 + i),
  );
  const worst = (losses: number[], prediction: JsonNumber): LossReport['worst'] =>
    losses.map((value, i) => ({
      source: 'flights.parquet',
      row: 1_204_118 - 31_337 * i,
      id: null,
      loss: value,
      prediction,
      target: 1388 - 20 * i,
    }));
  const estimate = (value: number, stderr: number) => ({ value, stderr, interval: interval(value, stderr) });
  return report([
    loss({ slices: [...origins, ...crossed], worst: worst([1380, 1360, 1341.25], 8) }),
    loss({
      name: 'mse',
      mean: 1318.42,
      stderr: 8.71,
      std: 12318,
      max: 1.9044e6,
      derived: { rmse: estimate(36.31, 0.12) },
      worst: worst([1.9044e6, 1.8496e6], 8),
    }),
    loss({ name: 'huber', parameters: { delta: 1.5 }, mean: 18.7123, stderr: 0.0213, worst: worst([1378.9], 8) }),
    loss({
      name: 'bce',
      mean: 0.451237,
      stderr: 0.000412,
      std: 0.5827,
      min: 0.1024,
      max: 3.91,
      derived: { perplexity: estimate(1.57025, 0.00065), accuracy: estimate(0.81204, 0.00028) },
      worst: worst([3.91], 0.02),
    }),
  ]);
}
