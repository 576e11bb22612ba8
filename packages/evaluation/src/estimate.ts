import { exp, log } from '@lossmill/kernels';
import { normalQuantile } from '@lossmill/statistics';
import { type Estimate, type Interval, jsonNumber } from './report.js';

/** value +- z stderr, z the normal quantile at the confidence. */
export function intervalOf(value: number, stderr: number, confidence: number): [number, number] {
  const z = normalQuantile(0.5 + confidence / 2, log);
  return [value - z * stderr, value + z * stderr];
}

export const jsonInterval = ([low, high]: readonly [number, number]): Interval => [jsonNumber(low), jsonNumber(high)];

const estimate = (value: number, stderr: number, interval: readonly [number, number]): Estimate => ({
  value: jsonNumber(value),
  stderr: jsonNumber(stderr),
  interval: jsonInterval(interval),
});

/** Quantities derived from a mean; standard errors by the delta method, intervals by transforming the mean's where it is monotone. */
export const derive = {
  /** sqrt(mean) */
  rmse(mean: number, stderr: number, [low, high]: readonly [number, number]): Estimate {
    const value = Math.sqrt(mean);
    return estimate(value, value === 0 ? 0 : stderr / (2 * value), [Math.sqrt(Math.max(0, low)), Math.sqrt(high)]);
  },
  /** e^mean */
  perplexity(mean: number, stderr: number, [low, high]: readonly [number, number]): Estimate {
    const value = exp(mean);
    return estimate(value, value * stderr, [exp(low), exp(high)]);
  },
  /** mean / ln 2 */
  bits(mean: number, stderr: number, [low, high]: readonly [number, number]): Estimate {
    return estimate(mean / Math.LN2, stderr / Math.LN2, [low / Math.LN2, high / Math.LN2]);
  },
  /** A value of which the standard error is not known. */
  known(value: number): Estimate {
    return estimate(value, Number.NaN, [Number.NaN, Number.NaN]);
  },
  /** A share, from its own sums. */
  share(value: number, stderr: number, confidence: number): Estimate {
    const [low, high] = intervalOf(value, stderr, confidence);
    return estimate(value, stderr, [Math.max(0, low), Math.min(1, high)]);
  },
};
