import type { Domain } from './types.js';

export const REAL: Domain = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, words: 'a number' };
export const PROBABILITY: Domain = { low: 0, high: 1, words: 'a probability (0 … 1)' };
export const LABEL: Domain = { low: 0, high: 1, words: 'a binary target (0 … 1)' };
const LOG_PROBABILITY: Domain = {
  low: Number.NEGATIVE_INFINITY,
  high: 0,
  words: 'a log-probability (at most 0)',
};

/** The domain of a classification prediction. */
export function inputDomain(input: 'logits' | 'probabilities' | 'log_probabilities'): Domain {
  if (input === 'probabilities') return PROBABILITY;
  return input === 'log_probabilities' ? LOG_PROBABILITY : REAL;
}
