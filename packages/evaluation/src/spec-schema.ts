import { LIBRARIES } from '@lossmill/losses';
import { z } from 'zod';

const text = z.string().min(1);
const patterns = z.array(text).min(1);

const data = z.strictObject({
  files: patterns.optional(),
  format: z.enum(['csv', 'tsv', 'jsonl', 'parquet', 'arrow', 'npz', 'safetensors']).optional(),
  arrays: z.record(text, patterns).optional(),
  inline: z.record(text, z.array(z.unknown())).optional(),
});

const columns = z.strictObject({
  prediction: z.union([text, z.array(text).min(1)]),
  target: z.union([text, z.array(text).min(1)]),
  variance: z.union([text, z.array(text).min(1)]).optional(),
  weight: text.optional(),
  id: text.optional(),
  cluster: text.optional(),
  compare: z.union([text, z.array(text).min(1)]).optional(),
});

const loss = z.union([text, z.looseObject({ name: text })]);

const oneOrList = <T extends z.ZodType>(value: T) => z.union([value, z.array(value).min(1)]);

const quantization = z.strictObject({
  scale: oneOrList(z.number().gt(0)),
  zeroPoint: oneOrList(z.int()).optional(),
});

const shard = z.union([z.strictObject({ rows: z.int().min(1) }), z.strictObject({ bytes: z.int().min(1) })]);

/** Evaluation spec, version 1 (the public contract). */
export const specSchema = z.strictObject({
  version: z.literal(1),
  data,
  columns,
  model: z.strictObject({ file: text, features: z.array(text).min(1) }).optional(),
  losses: z.array(loss).min(1),
  classes: z.array(text).min(2).optional(),
  compat: z.enum(LIBRARIES).optional(),
  edges: z.enum(['exact', 'compat']).optional(),
  input: z.enum(['logits', 'probabilities', 'log_probabilities', 'mean']).optional(),
  quantization: quantization.optional(),
  slices: z.array(z.union([text, z.array(text).min(1)])).optional(),
  gradient: z
    .union([z.enum(['none', 'norms', 'summary']), z.strictObject({ output: text, summary: z.boolean().optional() })])
    .optional(),
  rows: z.strictObject({ output: text }).optional(),
  badRows: z.enum(['fail', 'skip']).optional(),
  worst: z.int().min(0).max(10_000).optional(),
  bootstrap: z.strictObject({ replicates: z.int().min(1), seed: z.int().optional() }).optional(),
  confidence: z.number().gt(0).lt(1).optional(),
  precision: z.enum(['auto', 'f64']).optional(),
  shard: shard.optional(),
});

/** An evaluation spec as a user writes it. */
export type Spec = z.input<typeof specSchema>;
