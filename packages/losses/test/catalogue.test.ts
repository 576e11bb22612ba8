import { describe, expect, it } from 'vitest';
import { CATALOGUE, findLoss } from '../src/index.js';

describe('the catalogue', () => {
  it('holds every loss once, by name and alias', () => {
    const names = CATALOGUE.flatMap((loss) => [loss.name, ...loss.aliases]);
    expect(new Set(names).size).toBe(names.length);
    expect(CATALOGUE.map((loss) => loss.name)).toEqual([
      ...['error', 'mse', 'mae', 'huber', 'smooth_l1', 'pseudo_huber', 'log_cosh', 'quantile', 'expectile'],
      ...['msle', 'mape', 'smape', 'poisson_nll', 'gamma_nll', 'tweedie', 'gaussian_nll'],
      ...['bce', 'cross_entropy', 'nll'],
      ...['kl_div', 'focal', 'hinge', 'squared_hinge', 'multi_margin', 'crammer_singer', 'exponential', 'soft_margin'],
      ...['cosine', 'brier', 'zero_one'],
    ]);
  });

  it('finds a loss by every alias of the contract', () => {
    const aliases: Record<string, string[]> = {
      error: ['bias', 'me'],
      mse: ['mse_loss', 'mean_squared_error', 'squared_error'],
      mae: ['l1', 'l1_loss', 'mean_absolute_error', 'absolute_error'],
      huber: ['huber_loss'],
      smooth_l1: ['smooth_l1_loss'],
      quantile: ['pinball', 'pinball_loss'],
      msle: ['mean_squared_log_error'],
      mape: ['mean_absolute_percentage_error'],
      bce: ['binary_cross_entropy', 'bce_with_logits', 'log_loss'],
      cross_entropy: ['softmax_cross_entropy', 'categorical_cross_entropy'],
      nll: ['nll_loss'],
      kl_div: ['kullback_leibler'],
      cosine: ['cosine_similarity'],
      brier: ['brier_score'],
      zero_one: ['error_rate'],
    };
    for (const [name, others] of Object.entries(aliases)) {
      for (const alias of [name, ...others]) expect(findLoss(alias).name).toBe(name);
    }
  });

  it('says what a loss is made of', () => {
    for (const loss of CATALOGUE) {
      for (const text of [loss.about, loss.formula, loss.gradient, loss.domain, loss.stability])
        expect(text).not.toBe('');
    }
  });

  it('suggests the nearest name for an unknown one', () => {
    expect(() => findLoss('crossentropy')).toThrowError(/no loss "crossentropy"\. Did you mean "cross_entropy"\?/);
    expect(() => findLoss('qqqqqq')).toThrowError(/no loss "qqqqqq"\. Available: error, mse/);
  });

  it('binds a loss with its parameters, input and target', () => {
    const bound = findLoss('cross_entropy').bind(
      { label_smoothing: 0, clip: 0, ignore_index: -100, class_weight: [1, 2] },
      'logits',
      'index',
      'classes',
    );
    expect(bound).toMatchObject({
      name: 'cross_entropy',
      family: 'classes',
      input: 'logits',
      target: 'index',
      ignoreIndex: -100,
      classWeight: [1, 2],
    });
    expect(
      findLoss('bce').bind({ pos_weight: 1, label_smoothing: 0, clip: 0 }, 'probabilities', 'real', 'binary')
        .predictionDomain,
    ).toMatchObject({ low: 0, high: 1 });
  });
});
