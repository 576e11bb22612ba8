import type { Domain, InputKind } from './types.js';

export const REAL: Domain = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, words: 'a number' };
export const PROBABILITY: Domain = { low: 0, high: 1, words: 'a probability (0 … 1)' };
export const LABEL: Domain = { low: 0, high: 1, words: 'a binary target (0 … 1)' };
export const AT_LEAST_0: Domain = { low: 0, high: Number.POSITIVE_INFINITY, words: 'a number of at least 0' };
/** The least float64 above -1 stands for the open end. */
export const ABOVE_MINUS_1: Domain = {
  low: -1 + 2 ** -53,
  high: Number.POSITIVE_INFINITY,
  words: 'a number above -1',
};
export const BINARY: Domain = { low: 0, high: 1, whole: true, words: 'a binary target (0 or 1)' };
export const SIGN: Domain = { low: -1, high: 1, whole: true, words: 'a binary target (0 or 1, or -1 or 1)' };
/** The sign of a score, where a class of many may have been meant. */
export const SCORED: Domain = {
  ...SIGN,
  words:
    'a binary target (0 or 1, or -1 or 1); a prediction of one floating-point number is a score, a class is a whole-number or text column',
};
export const WHOLE: Domain = {
  low: -1,
  high: 2 ** 53,
  whole: true,
  words: 'a class (a whole number of at least -1); scores need an input, logits or probabilities',
};
export const LOG_PROBABILITY: Domain = {
  low: Number.NEGATIVE_INFINITY,
  high: 0,
  words: 'a log-probability (at most 0)',
};

/** The domain of a prediction that is of this kind. */
export function inputDomain(input: InputKind): Domain {
  if (input === 'mean') return AT_LEAST_0;
  if (input === 'probabilities') return PROBABILITY;
  return input === 'log_probabilities' ? LOG_PROBABILITY : REAL;
}

/** What lies in all of the domains. */
export function meetDomains(domains: readonly Domain[]): Domain {
  return domains.reduce((a, b) => {
    const met = { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high), whole: Boolean(a.whole || b.whole) };
    const known = [a, b, BINARY].find((domain) => isSame(domain, met));
    return known ?? { ...met, words: `${a.words} and ${b.words}` };
  });
}

function isSame(a: Omit<Domain, 'words'>, b: Omit<Domain, 'words'>): boolean {
  return a.low === b.low && a.high === b.high && Boolean(a.whole) === Boolean(b.whole);
}
