import { UsageError } from './errors.js';

type LossEntry = string | { name: string; [parameter: string]: unknown };

/**
 * "mse", "mse,mae", "huber:delta=1.5", "cross_entropy:label_smoothing=0.1,ignore_index=-100"; a list is written 1|2|0.5.
 * Whether names and values are allowed is the spec's business.
 */
export function parseLoss(text: string): LossEntry[] {
  const colon = text.indexOf(':');
  if (colon < 0) return text.split(',').filter((name) => name !== '');
  const parameters = new Map<string, boolean | number | number[]>();
  for (const part of text.slice(colon + 1).split(',')) {
    const equals = part.indexOf('=');
    if (equals <= 0)
      throw new UsageError(`--loss ${text}: "${part}" is not parameter=value. Write it like huber:delta=1.5.`);
    const parameter = part.slice(0, equals);
    if (parameters.has(parameter)) throw new UsageError(`--loss ${text}: ${parameter} is given twice. Give it once.`);
    if (parameter === 'name' || parameter === '__proto__')
      throw new UsageError(`--loss ${text}: no loss has a parameter "${parameter}".`);
    parameters.set(parameter, parseValue(text, part.slice(equals + 1)));
  }
  return [{ ...Object.fromEntries(parameters), name: text.slice(0, colon) }];
}

function parseValue(loss: string, text: string): boolean | number | number[] {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text.includes('|')) return text.split('|').map((part) => parseNumber(loss, part));
  return parseNumber(loss, text);
}

function parseNumber(loss: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new UsageError(`--loss ${loss}: "${text}" is not a number.`);
  return value;
}
