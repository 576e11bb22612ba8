import { CATALOGUE } from '../catalogue.js';
import { LossError } from '../errors.js';
import type { BoundLoss, LossDefinition, Parameters } from '../types.js';
import { inUnits } from './forms.js';
import { KERAS } from './keras.js';
import { LIBRARIES, type Library } from './library.js';
import { ONNX } from './onnx.js';
import { SKLEARN } from './sklearn.js';
import { TFJS } from './tfjs.js';
import { TORCH } from './torch.js';
import type { CompatLibrary, CompatLoss, CompatShape } from './types.js';

const BY_LIBRARY: Record<Library, CompatLibrary> = {
  torch: TORCH,
  keras: KERAS,
  sklearn: SKLEARN,
  tfjs: TFJS,
  onnx: ONNX,
};

/** Parameters that say what an edge does: with `edges: "compat"` the library says it. */
const EDGE_PARAMETERS = ['clip', 'epsilon'];

/** Libraries whose mean of this loss is known, with what each calls it. */
export function compatLibraries(name: string): [library: Library, call: string][] {
  return LIBRARIES.flatMap((library) => {
    const entry = BY_LIBRARY[library][name];
    return entry ? [[library, entry.call] as [Library, string]] : [];
  });
}

/**
 * Checks that a library has a loss, with these parameters. Throws LossError COMPAT_UNSUPPORTED naming the libraries that have it, and
 * what else the library takes.
 */
export function checkCompat(library: Library, loss: LossDefinition, given: Parameters, edges: boolean): void {
  const entry = entryOf(library, loss.name);
  for (const { name, default: otherwise } of loss.parameters) {
    const value = given[name] ?? otherwise;
    if (value === otherwise) continue;
    const takes = entry.parameters ?? [];
    if (!takes.includes(name)) {
      const which = takes.length > 0 ? `it takes ${takes.join(', ')}` : 'it takes none of ours';
      throw unsupported(`${library}'s ${loss.name} (${entry.call}) has no ${name}: ${which}.`);
    }
    if (edges && EDGE_PARAMETERS.includes(name) && hasOwnEdges(entry))
      throw unsupported(
        `${loss.name}: ${name} and edges "compat" exclude each other: ${library} has its own. Leave one of them out.`,
      );
  }
}

/** Checks the rest once the data's shape is known. Throws LossError COMPAT_UNSUPPORTED. */
export function checkCompatShape(library: Library, name: string, shape: CompatShape): void {
  const entry = entryOf(library, name);
  const why = entry.unfit?.(shape);
  if (why) throw unsupported(`${library}'s ${name} (${entry.call}): ${why}.`);
}

/** A loss as a library has it: its denominator, its units, its own formula and, with `shape.edges`, its clipping. */
export function bindCompat(library: Library, loss: LossDefinition, shape: CompatShape): BoundLoss {
  const entry = entryOf(library, loss.name);
  const clipping = shape.edges ? (entry.clipping?.(shape) ?? {}) : {};
  const { input, target, family } = shape;
  const bound = loss.bind({ ...shape.parameters, ...clipping }, input, target, family);
  const form = entry.form?.(shape) ?? null;
  const [scale, shift] = entry.units?.(shape) ?? [1, 0];
  const own = form ? { ...bound, ...form } : bound;
  const scaled = scale === 1 && shift === 0 ? own : { ...own, ...inUnits(own, scale, shift) };
  const { valueAndSum, ...without } = scaled;
  return {
    ...(scaled === bound ? bound : without),
    parameters: shape.parameters,
    ...(entry.targetDomain ? { targetDomain: entry.targetDomain } : {}),
    compat: { library, call: entry.call, denominator: entry.denominator(shape) },
  };
}

const hasOwnEdges = (entry: CompatLoss): boolean => entry.clipping !== undefined || entry.form !== undefined;

const unsupported = (message: string): LossError => new LossError('COMPAT_UNSUPPORTED', message);

function entryOf(library: Library, name: string): CompatLoss {
  const entry = BY_LIBRARY[library][name];
  if (entry) return entry;
  const others = compatLibraries(name).map(([other]) => other);
  const who =
    others.length > 0
      ? `${others.join(', ')} ${others.length === 1 ? 'has' : 'have'} it`
      : 'none of the libraries has it';
  const has = CATALOGUE.filter((loss) => loss.name in BY_LIBRARY[library]).map((loss) => loss.name);
  throw unsupported(`${library} has no mean of ${name}: ${who}. ${library} has ${has.join(', ')}.`);
}
