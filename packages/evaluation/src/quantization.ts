import type { Column, ColumnType } from '@lossmill/dataset';
import { EvaluationError } from './errors.js';
import type { WorstRow } from './report.js';
import type { Spec } from './spec-schema.js';

/**
 * A prediction is float32(scale) * float32(stored - zero point), rounded once, as ONNX DequantizeLinear has it. Lists of one value,
 * or of one a class.
 */
export interface Quantization {
  scale: number[];
  zeroPoint: number[];
}

/** Types of which the difference to a zero point of the type is exact in float32. */
const NARROW = new Set<ColumnType>(['i8', 'u8', 'i16', 'u16']);

/** Whether stored values can be read as float32 without loss. */
export const heldInSingle = (prediction: readonly Column[]): boolean =>
  prediction.every(({ type }) => NARROW.has(type));

/**
 * Settles the quantization of a valid spec against its prediction columns.
 * @param width predictions a row; null for one
 * @throws EvaluationError COLUMN_TYPE, CLASSES_MISMATCH, SPEC_INVALID
 */
export function resolveQuantization(
  { quantization }: Spec,
  prediction: readonly Column[],
  width: number | null,
): Quantization | null {
  if (!quantization) return null;
  const scale = [quantization.scale].flat();
  const zeroPoint = [quantization.zeroPoint ?? 0].flat();
  for (const { name, type } of prediction) checkType(name, type);
  checkLength('scale', scale, width ?? 1);
  checkLength('zeroPoint', zeroPoint, width ?? 1);
  for (const value of scale) checkScale(value);
  for (const { name, type } of prediction) for (const value of zeroPoint) checkZeroPoint(value, name, type);
  return { scale, zeroPoint };
}

const failure = (code: EvaluationError['code'], path: string, message: string): EvaluationError =>
  new EvaluationError(code, `${path}: ${message}`, { path });

function checkType(name: string, type: ColumnType): void {
  if (/^[iu]\d+$/.test(type)) return;
  throw failure(
    'COLUMN_TYPE',
    'quantization',
    `it belongs to predictions that are stored as whole numbers, but "${name}" is ${type}. Leave it out.`,
  );
}

function checkLength(key: string, values: readonly number[], width: number): void {
  if (values.length === 1 || values.length === width) return;
  throw failure(
    'CLASSES_MISMATCH',
    `quantization.${key}`,
    `it has ${values.length} values, but the prediction has ${width} a row. Give one value, or one a class.`,
  );
}

function checkScale(value: number): void {
  const single = Math.fround(value);
  if (single > 0 && single < Number.POSITIVE_INFINITY) return;
  throw failure('SPEC_INVALID', 'quantization.scale', `found ${value}, which is ${single} in float32.`);
}

function checkZeroPoint(value: number, name: string, type: ColumnType): void {
  const bits = Number(type.slice(1));
  const [low, high] = type[0] === 'i' ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  if (value >= low && value <= high) return;
  throw failure(
    'SPEC_INVALID',
    'quantization.zeroPoint',
    `found ${value}, but "${name}" is ${type}: its zero point must be from ${low} to ${high}.`,
  );
}

/** As in a spec: one value, or a list. */
export function shownQuantization({ scale, zeroPoint }: Quantization): NonNullable<Spec['quantization']> {
  const one = (values: number[]): number | number[] => (values.length === 1 ? values[0] : values);
  return { scale: one(scale), zeroPoint: one(zeroPoint) };
}

/** What a row shows of its predictions: the numbers that the stored ones stand for. */
export function dequantized(shown: WorstRow['prediction'], quantization: Quantization | null): WorstRow['prediction'] {
  if (!quantization) return shown;
  const { scale, zeroPoint } = quantization;
  const value = (stored: unknown, k: number) =>
    typeof stored === 'number'
      ? Math.fround(Math.fround(stored - zeroPoint[k % zeroPoint.length]) * Math.fround(scale[k % scale.length]))
      : (stored as WorstRow['prediction']);
  return (Array.isArray(shown) ? shown.map(value) : value(shown, 0)) as WorstRow['prediction'];
}
