import type { Spec } from './spec-schema.js';

/**
 * Checks a value against the spec's schema and against the combinations that make no sense, before any work.
 * Throws EvaluationError naming the JSON path, what was found and what is allowed.
 *
 * The schema library is loaded here, on first use: threads that only run shards start without it.
 */
export async function parseSpec(value: unknown): Promise<Spec> {
  const { checkSpec } = await import('./spec-check.js');
  return checkSpec(value);
}
