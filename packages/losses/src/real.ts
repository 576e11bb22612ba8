import type { KernelExports } from '@lossmill/kernels';
import { REAL } from './domains.js';
import type { Batch, BoundLoss, Curvature, LossDefinition, ParameterDefinition, Parameters } from './types.js';

export type Kernel = (kernels: KernelExports, batch: Batch, out: number) => void;

/** What definitions of losses of real numbers share. */
export const REGRESSION = {
  family: 'regression',
  inputs: [],
  domain: 'prediction and target: any real number',
} as const satisfies Partial<LossDefinition>;

/** A loss of one real prediction and one real target; what is special about it is laid over it. */
export function boundRegression<K extends { value: Kernel; gradient: Kernel; curvature: Curvature }>(
  name: string,
  parameters: Parameters,
  kernels: K,
): BoundLoss & K {
  return {
    name,
    parameters,
    family: 'regression',
    input: null,
    target: 'real',
    predictionDomain: REAL,
    targetDomain: REAL,
    derived: [],
    ignoreIndex: null,
    classWeight: null,
    ...kernels,
  };
}

/** A parameter above 0. */
export const positive = (name: string, value: number, about: string): ParameterDefinition => ({
  ...{ name, kind: 'number', default: value, low: 0, high: Number.MAX_VALUE },
  ...{ open: true, about },
});

/** A parameter of at least 0. */
export const atLeast0 = (name: string, value: number, about: string): ParameterDefinition => ({
  ...{ name, kind: 'number', default: value, low: 0, high: Number.MAX_VALUE },
  about,
});

/** A parameter between 0 and 1, both excluded. */
export const share = (name: string, value: number, about: string): ParameterDefinition => ({
  ...{ name, kind: 'number', default: value, low: 0, high: 1 },
  ...{ open: true, about },
});

export const FULL: ParameterDefinition = {
  ...{ name: 'full', kind: 'flag', default: false, low: 0, high: 1 },
  about: 'add what does not depend on the prediction',
};
