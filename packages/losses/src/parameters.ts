import { LossError } from './errors.js';
import type { LossDefinition, ParameterDefinition, Parameters, ParameterValue } from './types.js';

/**
 * Checks given parameters against the loss's definition and fills in defaults. Parameters without a default that were not given stay
 * absent. Throws LossError LOSS_PARAMETER naming the loss, the parameter, the value and what is allowed.
 */
export function resolveParameters(loss: LossDefinition, given: Record<string, unknown>): Parameters {
  const known = new Map(loss.parameters.map((parameter) => [parameter.name, parameter]));
  for (const name of Object.keys(given)) {
    if (!known.has(name)) {
      const names =
        loss.parameters.length > 0 ? `it has ${loss.parameters.map((p) => p.name).join(', ')}` : 'it has none';
      throw new LossError('LOSS_PARAMETER', `${loss.name} has no parameter "${name}": ${names}.`);
    }
  }
  const resolved: Parameters = {};
  for (const parameter of loss.parameters) {
    const value = given[parameter.name];
    if (value === undefined || value === null) {
      if (parameter.default !== null) resolved[parameter.name] = parameter.default;
    } else {
      resolved[parameter.name] = check(loss.name, parameter, value);
    }
  }
  return resolved;
}

function check(loss: string, parameter: ParameterDefinition, value: unknown): ParameterValue {
  if (parameter.kind === 'flag') {
    if (value === true || value === 1) return true;
    if (value === false || value === 0) return false;
    throw wrong(loss, parameter, value);
  }
  if (parameter.kind !== 'numbers') return checkNumber(loss, parameter, value);
  if (!Array.isArray(value) || value.length === 0) throw wrong(loss, parameter, value);
  return value.map((entry) => checkNumber(loss, parameter, entry));
}

function checkNumber(loss: string, parameter: ParameterDefinition, value: unknown): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw wrong(loss, parameter, value);
  if (parameter.kind === 'integer' && !Number.isInteger(value)) throw wrong(loss, parameter, value);
  const inside = parameter.open
    ? value > parameter.low &&
      (value < parameter.high || parameter.high === Number.MAX_VALUE) &&
      value <= parameter.high
    : value >= parameter.low && value <= parameter.high;
  const { gap } = parameter;
  if (!inside || (gap && value > gap[0] && value < gap[1])) throw wrong(loss, parameter, value);
  return value === 0 ? 0 : value;
}

function wrong(loss: string, parameter: ParameterDefinition, value: unknown): LossError {
  const shown = typeof value === 'string' ? `"${value}"` : Array.isArray(value) ? JSON.stringify(value) : String(value);
  return new LossError('LOSS_PARAMETER', `${loss}: ${parameter.name} is ${shown}, but must be ${allowed(parameter)}.`);
}

/** "true or false", "a number above 0". */
export function allowed(parameter: ParameterDefinition): string {
  if (parameter.kind === 'flag') return 'true or false';
  const noun = { number: 'a number', integer: 'a whole number', numbers: 'a list of numbers, each' }[parameter.kind];
  const { gap } = parameter;
  return `${noun} ${range(parameter)}${gap ? `, but not between ${gap[0]} and ${gap[1]}` : ''}`;
}

/** "above 0", "from 0 to 1". */
function range({ low, high, open }: ParameterDefinition): string {
  if (high === Number.MAX_VALUE) return open ? `above ${low}` : `of at least ${low}`;
  return open ? `between ${low} and ${high} (exclusive)` : `from ${low} to ${high}`;
}
