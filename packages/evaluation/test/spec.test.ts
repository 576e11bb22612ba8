import { describe, expect, it } from 'vitest';
import { EvaluationError, parseSpec } from '../src/index.js';

const good = {
  version: 1,
  data: { files: ['a.parquet'] },
  columns: { prediction: 'p', target: 'y' },
  losses: ['mse', { name: 'huber', delta: 1.5 }],
};

async function refusal(spec: unknown): Promise<EvaluationError> {
  try {
    await parseSpec(spec);
  } catch (error) {
    expect(error).toBeInstanceOf(EvaluationError);
    return error as EvaluationError;
  }
  throw new Error('it was not refused');
}

describe('parseSpec', () => {
  it('takes the least and the fullest spec that can be run', async () => {
    expect(await parseSpec(good)).toEqual(good);
    await parseSpec({
      version: 1,
      data: { inline: { z: [[1, 2]], y: [0], w: [1], r: ['eu'] } },
      columns: { prediction: 'z', target: 'y', weight: 'w', id: 'r' },
      losses: [{ name: 'cross_entropy', label_smoothing: 0.1, ignore_index: -100, class_weight: [1, 2] }],
      classes: ['cat', 'dog'],
      edges: 'exact',
      input: 'logits',
      slices: ['r', ['r', 'w']],
      gradient: { output: 'out' },
      rows: { output: 'out' },
      badRows: 'skip',
      worst: 3,
      confidence: 0.99,
      precision: 'f64',
      shard: { bytes: 1000 },
    });
  });

  it.each([
    ['no object', 5, 'SPEC_INVALID', /^spec: found 5, but an object is wanted/],
    ['another version', { ...good, version: 2 }, 'SPEC_INVALID', /^version: found 2, but 1 is allowed/],
    ['no data', { ...good, data: undefined }, 'SPEC_INVALID', /^data: found nothing/],
    [
      'empty data',
      { ...good, data: {} },
      'SPEC_COMBINATION',
      /^data: exactly one of files, arrays and inline .* none of them/,
    ],
    ['two kinds of data', { ...good, data: { files: ['a'], inline: {} } }, 'SPEC_COMBINATION', /files and inline/],
    [
      'no files',
      { ...good, data: { files: [] } },
      'SPEC_INVALID',
      /^data.files: found \[\], but its length must be at least 1/,
    ],
    [
      'an unknown format',
      { ...good, data: { files: ['a'], format: 'xls' } },
      'SPEC_INVALID',
      /^data.format: found "xls", but "csv" \| "tsv"/,
    ],
    ['a format without files', { ...good, data: { inline: {}, format: 'csv' } }, 'SPEC_COMBINATION', /^data.format/],
    [
      'an unknown key',
      { ...good, loses: ['mse'] },
      'SPEC_UNKNOWN_KEY',
      /^loses: there is no such field\. Did you mean "losses"\?/,
    ],
    [
      'an unknown nested key',
      { ...good, columns: { prediction: 'p', target: 'y', wieght: 'w' } },
      'SPEC_UNKNOWN_KEY',
      /^columns.wieght: .*"weight"/,
    ],
    ['no prediction', { ...good, columns: { target: 'y' } }, 'SPEC_INVALID', /^columns.prediction: found nothing/],
    [
      'a prediction that is a number',
      { ...good, columns: { prediction: 3, target: 'y' } },
      'SPEC_INVALID',
      /^columns.prediction: found 3/,
    ],
    [
      'a prediction that is the target',
      { ...good, columns: { prediction: 'y', target: 'y' } },
      'SPEC_COMBINATION',
      /^columns.target: "y" is also the prediction/,
    ],
    ['no losses', { ...good, losses: [] }, 'SPEC_INVALID', /^losses/],
    [
      'an unknown loss',
      { ...good, losses: ['msee'] },
      'LOSS_UNKNOWN',
      /^losses\[0\]: There is no loss "msee"\. Did you mean "mse"/,
    ],
    [
      'a wrong parameter',
      { ...good, losses: [{ name: 'huber', delta: -1 }] },
      'LOSS_PARAMETER',
      /^losses\[0\]: huber: delta is -1/,
    ],
    [
      'a loss listed twice',
      { ...good, losses: ['mse', 'mean_squared_error'] },
      'SPEC_COMBINATION',
      /mse is listed twice/,
    ],
    [
      'losses of two shapes',
      { ...good, losses: ['mse', 'cross_entropy'] },
      'SPEC_COMBINATION',
      /some want one prediction a row, some C/,
    ],
    [
      'an input that says nothing',
      { ...good, input: 'logits' },
      'SPEC_COMBINATION',
      /^input: "logits" says nothing to mse/,
    ],
    [
      'an input the loss does not take',
      { ...good, losses: ['nll'], input: 'logits' },
      'SPEC_COMBINATION',
      /^input: nll takes log_probabilities/,
    ],
    ['an unknown input', { ...good, input: 'odds' }, 'SPEC_INVALID', /^input: found "odds"/],
    ['a slice listed twice', { ...good, slices: ['a', ['a']] }, 'SPEC_COMBINATION', /^slices\[1\]: a is listed twice/],
    ['a slice crossed with itself', { ...good, slices: [['a', 'a']] }, 'SPEC_COMBINATION', /^slices\[0\]/],
    ['a class listed twice', { ...good, losses: ['nll'], classes: ['a', 'a'] }, 'SPEC_COMBINATION', /^classes/],
    [
      'bad rows in another way',
      { ...good, badRows: 'ignore' },
      'SPEC_INVALID',
      /^badRows: found "ignore", but "fail" \| "skip" is allowed/,
    ],
    ['a worst that is no count', { ...good, worst: 1.5 }, 'SPEC_INVALID', /^worst: found 1.5/],
    ['a worst below 0', { ...good, worst: -1 }, 'SPEC_INVALID', /^worst: found -1, but it must be at least 0/],
    ['a confidence of 1', { ...good, confidence: 1 }, 'SPEC_INVALID', /^confidence: found 1, but it must be below 1/],
    ['a shard of no rows', { ...good, shard: { rows: 0 } }, 'SPEC_INVALID', /^shard/],
    ['a shard of both kinds', { ...good, shard: { rows: 1, bytes: 1 } }, 'SPEC_INVALID', /^shard/],
    ['a precision of f16', { ...good, precision: 'f16' }, 'SPEC_INVALID', /^precision/],
    ['a model', { ...good, model: { file: 'm', features: ['a'] } }, 'NOT_AVAILABLE_YET', /^model/],
    [
      'a compat that is no library',
      { ...good, compat: 'jax' },
      'SPEC_INVALID',
      /^compat: found "jax", but "torch" \| "keras"/,
    ],
    ['edges of no library', { ...good, edges: 'compat' }, 'SPEC_COMBINATION', /^edges: .*there is no compat/],
    [
      'a loss the library does not have',
      { ...good, losses: ['brier'], compat: 'torch' },
      'COMPAT_UNSUPPORTED',
      /^compat: torch has no mean of brier: sklearn has it\. torch has mse, mae/,
    ],
    [
      'a loss of no library',
      { ...good, losses: ['smape'], compat: 'keras' },
      'COMPAT_UNSUPPORTED',
      /^compat: keras has no mean of smape: none of the libraries has it/,
    ],
    [
      'a parameter the library does not have',
      { ...good, losses: [{ name: 'bce', pos_weight: 2 }], compat: 'keras' },
      'COMPAT_UNSUPPORTED',
      /^compat: keras's bce \(BinaryCrossentropy\) has no pos_weight: it takes label_smoothing, clip/,
    ],
    [
      'a clip beside the library’s',
      { ...good, losses: [{ name: 'bce', clip: 1e-6 }], compat: 'keras', edges: 'compat' },
      'COMPAT_UNSUPPORTED',
      /^compat: bce: clip and edges "compat" exclude each other/,
    ],
    ['a bootstrap', { ...good, bootstrap: { replicates: 10 } }, 'NOT_AVAILABLE_YET', /^bootstrap/],
    [
      'a comparison',
      { ...good, columns: { prediction: 'p', target: 'y', compare: 'q' } },
      'NOT_AVAILABLE_YET',
      /^columns.compare/,
    ],
    [
      'a variance that no loss takes',
      { ...good, columns: { prediction: 'p', target: 'y', variance: 'q' } },
      'SPEC_COMBINATION',
      /^columns.variance: "q" says nothing to mse and huber: only gaussian_nll/,
    ],
    [
      'a loss that lacks its variance',
      { ...good, losses: ['gaussian_nll'] },
      'SPEC_COMBINATION',
      /^columns.variance: gaussian_nll takes a variance a row/,
    ],
    [
      'probabilities as means',
      { ...good, losses: ['poisson_nll'], input: 'probabilities' },
      'SPEC_COMBINATION',
      /^input: poisson_nll takes logits or mean, not probabilities/,
    ],
    ['a gradient of another kind', { ...good, gradient: 'all' }, 'SPEC_INVALID', /^gradient: .*"norms", "summary"/],
    [
      'row losses at another kind of URL',
      { ...good, rows: { output: 'file:///out' } },
      'SPEC_INVALID',
      /^rows.output: found a file:\/\/ URL, where nothing can be written.*s3:\/\/BUCKET/,
    ],
    [
      'a gradient on the web',
      { ...good, gradient: { output: 'https://host/out' } },
      'SPEC_INVALID',
      /^gradient.output: found a https:\/\/ URL, where nothing can be written/,
    ],
  ])('refuses %s', async (_, spec, code, message) => {
    const error = await refusal(spec);
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
    expect(error.where.path).toBeDefined();
  });
});
