import type { Plan } from './plan.js';

/**
 * The spec as a report shows it: resolved, with the fingerprint of every source. It names nothing that changes speed or place only
 * (shard size, output folders), so that the digest does not depend on them. It can be evaluated again as it is.
 */
export function sourceSpec(plan: Plan): Record<string, unknown> {
  const { spec, handle } = plan;
  const { prediction, target, weight, id } = spec.columns;
  const one = (names: readonly string[]) => (names.length === 1 ? names[0] : names);
  return {
    version: 1,
    data: spec.data,
    columns: {
      prediction: one(prediction),
      target: one(target),
      ...(weight === null ? {} : { weight }),
      ...(id === null ? {} : { id }),
    },
    losses: spec.losses.map(({ name, parameters }) => ({ name, ...parameters })),
    ...(spec.classNames ? { classes: spec.classNames } : {}),
    edges: 'exact',
    ...(spec.input ? { input: spec.input } : {}),
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
