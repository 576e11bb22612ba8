import type { TextBuffer } from '@lossmill/dataset';
import type { Kernels } from '@lossmill/kernels';
import { type BoundLoss, type Domain, meetDomains } from '@lossmill/losses';
import type { BadRows } from './bad-rows.js';
import type { Chunk } from './chunk.js';
import type { ClassIndex } from './class-index.js';
import type { ResolvedSpec } from './resolve.js';
import { BAD, COUNTED, IGNORED, WEIGHTLESS } from './row-status.js';

/** Rows of as many numbers are judged by a kernel first. */
const WIDE = 32;

interface Rule {
  domain: Domain;
  reason: string;
}

/** Decides row by row which rows of a chunk enter the sums. Chunks without a single odd row are recognised at the speed of memory. */
export class Selector {
  readonly #spec: ResolvedSpec;
  readonly #kernels: Kernels;
  readonly #chunk: Chunk;
  readonly #index: ClassIndex | null;
  readonly #prediction: Rule;
  readonly #target: Rule;
  readonly #variance: Rule | null;
  readonly #clusters: TextBuffer | null;
  readonly #status: Uint8Array;
  /** Some row of the chunk so far is not COUNTED. */
  #odd = false;

  constructor(
    spec: ResolvedSpec,
    losses: readonly BoundLoss[],
    kernels: Kernels,
    chunk: Chunk,
    index: ClassIndex | null,
  ) {
    this.#spec = spec;
    this.#kernels = kernels;
    this.#chunk = chunk;
    this.#index = index;
    this.#prediction = { domain: meetDomains(losses.map((loss) => loss.predictionDomain)), reason: 'prediction' };
    this.#target = { domain: meetDomains(losses.map((loss) => loss.targetDomain)), reason: 'target' };
    const variances = losses.flatMap(({ varianceDomain }) => varianceDomain ?? []);
    this.#variance = variances.length > 0 ? { domain: meetDomains(variances), reason: 'variance' } : null;
    this.#clusters = chunk.groups.get(spec.columns.cluster ?? '') ?? null;
    this.#status = new Uint8Array(chunk.capacity);
  }

  /**
   * Decides on the `rows` rows of the last fill. `start` is the absolute index of the chunk's row 0. Returns the status of each row of the
   * chunk so far, or null when all are COUNTED.
   */
  select(rows: number, start: number, bad: BadRows): Uint8Array | null {
    const { base } = this.#chunk;
    const indexOdd = this.#index?.fill(rows) ?? false;
    const plain = !indexOdd && this.#allPlain(rows);
    const before = base > 0 && this.#odd;
    this.#odd = before || !plain;
    if (!this.#odd) return null;
    const status = this.#status;
    if (!before) status.fill(COUNTED, 0, base);
    if (plain) status.fill(COUNTED, base, base + rows);
    else for (let i = base; i < base + rows; i++) status[i] = this.#decide(i, start, bad);
    return status;
  }

  #allPlain(rows: number): boolean {
    const { prediction, target, variance, weight } = this.#chunk;
    const { exports } = this.#kernels;
    const missing = [prediction, target, variance, weight].some((part) =>
      part?.buffers.some((buffer) => buffer.missing > 0),
    );
    if (missing || this.#clusterMissing(rows)) return false;
    if (!this.#allInside(rows)) return false;
    const { base } = this.#chunk;
    return (
      !weight ||
      exports.count_outside_f64(this.#chunk.pointer(weight, base), rows, Number.MIN_VALUE, Number.MAX_VALUE) === 0
    );
  }

  /** Without a value a row belongs to no cluster; neither to one with all others that have none. */
  #clusterMissing(rows: number): boolean {
    const codes = this.#clusters?.codes;
    const { base } = this.#chunk;
    for (let i = base; codes && i < base + rows; i++) if (codes[i] < 0) return true;
    return false;
  }

  #allInside(rows: number): boolean {
    const { prediction, target, variance, type, base } = this.#chunk;
    const { exports } = this.#kernels;
    const at = (part: Chunk['prediction']) => this.#chunk.pointer(part, base);
    const outside = (part: Chunk['prediction'], { low, high, whole }: Domain) => {
      const count = exports[`${whole ? 'count_not_whole' : 'count_outside'}_${type}`];
      return count(at(part), rows * part.width, type === 'f32' ? singleAtLeast(low) : low, high) > 0;
    };
    if (variance && this.#variance && outside(variance, this.#variance.domain)) return false;
    const judged = this.#index ? null : target;
    const plain = judged && isReal(this.#prediction.domain) && isReal(this.#target.domain);
    // Only a NaN is bad: no difference of a pair can then be NaN but that of equal infinities. One pass settles nearly every chunk.
    if (plain && judged.width === prediction.width) {
      const n = rows * judged.width;
      if (exports[`undefined_pairs_${type}`](at(prediction), at(judged), n) === 0) return true;
    }
    if (outside(prediction, this.#prediction.domain)) return false;
    return !judged || !outside(judged, this.#target.domain);
  }

  #decide(row: number, start: number, bad: BadRows): number {
    const { weight, variance, target, prediction, base } = this.#chunk;
    const columns = this.#spec.columns;
    const reject = (reason: string, column: string, value: string, words: string): number => {
      bad.add(reason, () => ({ row: start + row, column, value, words }), start + row);
      return BAD;
    };
    if (weight) {
      const w = weight.view[row];
      const column = columns.weight ?? '';
      if (w === 0) return WEIGHTLESS;
      if (absent(weight.buffers, row - base)) return reject('missing weight', column, '', 'is missing');
      if (!(w >= 0))
        return reject(
          w < 0 ? 'negative weight' : 'weight is NaN',
          column,
          String(w),
          'is not a weight (a number of at least 0)',
        );
      if (w === Number.POSITIVE_INFINITY)
        return reject('weight is infinite', column, 'Infinity', 'is not a weight (a finite number of at least 0)');
    }
    if (this.#index) {
      const kind = this.#index.kinds[row];
      if (kind === IGNORED) return IGNORED;
      if (kind === BAD) {
        const { reason, value, words } = this.#index.explain(row);
        return reject(reason, columns.target[0], value, words);
      }
    } else if (target) {
      const wrong = this.#outside(row, target, this.#target, columns.target);
      if (wrong) return reject(...wrong);
    }
    if (this.#clusters && this.#clusters.codes[row] < 0)
      return reject('missing cluster', columns.cluster ?? '', '', 'is missing');
    const wrong =
      this.#outside(row, prediction, this.#prediction, columns.prediction) ??
      (variance && this.#variance && this.#outside(row, variance, this.#variance, columns.variance ?? []));
    return wrong ? reject(...wrong) : COUNTED;
  }

  /** Whether a kernel finds every number of a row within the domain. */
  #rowInside(row: number, part: Chunk['prediction'], { low, high, whole }: Domain): boolean {
    const { type } = this.#chunk;
    const count = this.#kernels.exports[`${whole ? 'count_not_whole' : 'count_outside'}_${type}`];
    return count(this.#chunk.pointer(part, row), part.width, type === 'f32' ? singleAtLeast(low) : low, high) === 0;
  }

  #outside(
    row: number,
    part: Chunk['prediction'],
    rule: Rule,
    columns: readonly string[],
  ): [string, string, string, string] | null {
    const { view, width } = part;
    if (width >= WIDE && this.#rowInside(row, part, rule.domain)) return null;
    const from = this.#chunk.index(part, row);
    for (let j = 0; j < width; j++) {
      const value = view[from + j];
      const { low, high, whole } = rule.domain;
      if (value >= low && value <= high && (!whole || Number.isInteger(value))) continue;
      const column = columns.length > 1 ? columns[j] : width > 1 ? `${columns[0]}[${j}]` : columns[0];
      // A list is missing as a whole: which of its values is null is not kept.
      if (absent(columns.length > 1 ? [part.buffers[j]] : part.buffers, row - this.#chunk.base))
        return [`missing ${rule.reason}`, columns.length > 1 ? columns[j] : columns[0], '', 'is missing'];
      if (Number.isNaN(value)) return [`${rule.reason} is NaN`, column, 'NaN', 'is not a number'];
      return [`${rule.reason} out of range`, column, String(value), `is not ${rule.domain.words}`];
    }
    return null;
  }
}

/** `row` counts from the first of the last fill. */
const absent = (buffers: readonly { missing: number; present: Uint8Array }[], row: number): boolean =>
  buffers.some((buffer) => buffer.missing > 0 && buffer.present[row] === 0);

const isReal = ({ low, high, whole }: Domain): boolean =>
  low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY && !whole;

const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

/** The least float32 that is not below x: kernels compare float32 columns with float32 bounds. */
function singleAtLeast(x: number): number {
  single[0] = x;
  if (single[0] < x) singleBits[0] += single[0] < 0 ? -1 : 1;
  return single[0];
}
