import { DataError } from '@lossmill/dataset';
import { EvaluationError } from '@lossmill/evaluation';
import { describe, expect, it } from 'vitest';
import { ClusterError } from '../src/errors.js';
import { faultOf, mayPass } from '../src/fault.js';

describe('a fault', () => {
  it('says what a local error says', () => {
    expect(faultOf(new EvaluationError('SPEC_INVALID', 'losses: none', { path: 'losses' }))).toEqual({
      code: 'SPEC_INVALID',
      message: 'losses: none',
      path: 'losses',
    });
    expect(faultOf(new DataError('FILE_CORRUPT', 'torn'))).toEqual({ code: 'FILE_CORRUPT', message: 'torn' });
    expect(faultOf(new ClusterError('PATH_FORBIDDEN', 'no'))).toEqual({ code: 'PATH_FORBIDDEN', message: 'no' });
    expect(faultOf(new TypeError('x is undefined')).code).toBe('INTERNAL_ERROR');
    expect(faultOf('odd')).toMatchObject({ code: 'INTERNAL_ERROR', message: expect.stringContaining('odd') });
  });

  it('is tried again where another worker or another time may help', () => {
    const passing = [
      new DataError('FILE_NOT_FOUND', ''),
      new ClusterError('PATH_FORBIDDEN', ''),
      new Error('thread died'),
    ];
    const lasting = [
      new DataError('FILE_CHANGED', ''),
      new EvaluationError('BAD_ROW', ''),
      new ClusterError('SHARD_CRASHED', ''),
    ];
    expect(passing.map(mayPass)).toEqual([true, true, true]);
    expect(lasting.map(mayPass)).toEqual([false, false, false]);
  });
});
