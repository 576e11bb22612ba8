import type { Column } from '@lossmill/dataset';
import type { Family, LossDefinition } from '@lossmill/losses';
import type { Spec } from './spec-schema.js';

type Shapes = Pick<LossDefinition, 'family' | 'also'>;

/** In the order in which they are tried. */
const WIDE: readonly Family[] = ['classes', 'vectors', 'regression', 'binary', 'labels'];
const NARROW: readonly Family[] = ['regression', 'binary', 'labels', 'classes', 'vectors'];
/** A single column of whole numbers or text, of which nobody said that it holds scores. */
const CLASS_COLUMN: readonly Family[] = ['regression', 'labels', 'binary', 'classes', 'vectors'];

const SCORES = new Set(['f16', 'bf16', 'f32', 'f64']);

/** Families in which every one of the losses can be evaluated; a loss of real numbers goes along with binary ones. */
export function commonFamilies(losses: readonly Shapes[]): Family[] {
  return NARROW.filter((family) =>
    losses.every((loss) => {
      const own = [loss.family, ...(loss.also ?? [])];
      return own.includes(family) || (family === 'binary' && own.includes('regression'));
    }),
  );
}

/** The family that suits the prediction's columns best; where none fits them, one whose shape check will say why. */
export function chooseFamily(
  losses: readonly Shapes[],
  prediction: readonly Column[],
  spec: Pick<Spec, 'input' | 'data'>,
): Family {
  const [first] = prediction;
  const wide = prediction.length > 1 || (first.width ?? 1) > 1;
  const holdsClass = !wide && spec.input === undefined && (!SCORES.has(first.type) || isWholeInline(first, spec));
  const common = commonFamilies(losses);
  const order = wide ? WIDE : holdsClass ? CLASS_COLUMN : NARROW;
  return order.find((family) => common.includes(family)) ?? losses[0].family;
}

/** JSON has one kind of number: there the values tell. */
function isWholeInline({ name }: Column, { data }: Pick<Spec, 'data'>): boolean {
  return data.inline?.[name]?.every((value) => value === null || Number.isInteger(value)) ?? false;
}

/** One row of these families holds several numbers that belong together: classes, or a vector. */
export const isWide = (family: Family): boolean => family === 'classes' || family === 'vectors';
