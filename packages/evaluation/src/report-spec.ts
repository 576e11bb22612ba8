import { shownUrl } from '@lossmill/dataset';
import type { Plan } from './plan.js';
import { shownQuantization } from './quantization.js';
import type { Spec } from './spec-schema.js';

/**
 * The spec as a report shows it: resolved, with the fingerprint of every source. It names nothing that changes speed or place only
 * (shard size, output folders), so that the digest does not depend on them. It can be evaluated again as it is, unless a URL had a
 * query: that may be a signature, so it is left out.
 */
export function sourceSpec(plan: Plan): Record<string, unknown> {
  const { spec, handle } = plan;
  const { prediction, target, variance, weight, id, cluster } = spec.columns;
  const one = (names: readonly string[]) => (names.length === 1 ? names[0] : names);
  return {
    version: 1,
    data: shownData(spec.data),
    columns: {
      prediction: one(prediction),
      target: one(target),
      ...(variance === null ? {} : { variance: one(variance) }),
      ...(weight === null ? {} : { weight }),
      ...(id === null ? {} : { id }),
      ...(cluster === null ? {} : { cluster }),
    },
    losses: spec.losses.map(({ name, parameters }) => ({ name, ...parameters })),
    ...(spec.classNames ? { classes: spec.classNames } : {}),
    ...(spec.compat ? { compat: spec.compat.library } : {}),
    edges: spec.compat?.edges ? 'compat' : 'exact',
    ...(spec.input ? { input: spec.input } : {}),
    ...(spec.quantization ? { quantization: shownQuantization(spec.quantization) } : {}),
    slices: spec.slices.map((columns) => (columns.length === 1 ? columns[0] : columns)),
    gradient: spec.gradient,
    badRows: spec.badRows,
    worst: spec.worst,
    confidence: spec.confidence,
    precision: spec.precision,
    arithmetic: spec.type,
    sources: handle.description.sources.map(({ uri, columns, rows, bytes, fingerprint }) => ({
      uri,
      columns,
      rows,
      bytes,
      fingerprint,
    })),
  };
}

function shownData({ files, arrays, ...data }: Spec['data']): Spec['data'] {
  return {
    ...(files ? { files: files.map(shownUrl) } : {}),
    ...(arrays
      ? { arrays: Object.fromEntries(Object.entries(arrays).map(([name, list]) => [name, list.map(shownUrl)])) }
      : {}),
    ...data,
  };
}
