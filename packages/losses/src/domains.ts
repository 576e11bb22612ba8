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
const LOG_PROBABILITY: Domain = {
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
