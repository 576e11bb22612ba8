// Every kernel against its TypeScript twin: random kernels, values, lengths and addresses; results must agree to the bit.

/** What a parameter of a twin is called says what it is. */
const parameters = {
  ...Object.fromEntries(
    ['p', 'z', 'x', '_x', 'lp', '_lp', 's', 'a', 'b'].map((name) => [name, (at) => at.predictions()]),
  ),
  y: (at) => at.targets(),
  m: (at) => at.positive(at.n, at.type),
  variance: (at) => at.positive(at.n, at.type),
  // A soft kernel may share its twin with one for class indices.
  target: (at) => (at.name.includes('_soft_') ? at.probabilities(at.elements) : at.indices()),
  q: (at) => (at.named.has('C') ? at.probabilities(at.elements) : at.random.pick([0.5, 0.1, 0.9])),
  classWeight: (at) => (at.random.next() < 0.3 ? null : at.weights(at.C)),
  w: (at) => at.weights(at.name.startsWith('scale') ? at.rows : at.n),
  g: (at) => at.floats(at.elements),
  out: (at) => at.results(),
  acc: () => 'accumulator',
  bits: (at) => Uint16Array.from({ length: at.n }, () => at.random.between(0, 65536)),
  zero: (at) => at.floats(at.period),
  scale: (at) => at.floats(at.period),
  records: (at) => Float64Array.from({ length: at.blocks * 10 }, () => at.value()),
  n: (at) => at.n,
  rows: (at) => at.rows,
  C: (at) => at.C,
  D: (at) => at.width,
  width: (at) => at.width,
  period: (at) => at.period,
  blocks: (at) => at.blocks,
  k: (at) => 1 + Math.floor(at.random.next() * at.C),
  delta: (at) => at.random.pick([0.5, 1, 1e-3, 1e30, 1.3]),
  beta: (at) => at.random.pick([0, 1, 0.3]),
  tau: (at) => at.random.pick([0.5, 0.1, 0.9]),
  gamma: (at) => at.random.pick([0, 1, 2, 0.5, 3.7]),
  up: (at) => at.random.pick([1, 0.25]),
  down: (at) => at.random.pick([1, 0.75]),
  margin: (at) => at.random.pick([1, 0.3]),
  power: (at) => (at.name.startsWith('tweedie') ? at.random.pick([1.5, 1.1, 1.9]) : at.random.pick([1, 2])),
  epsilon: (at) => at.random.pick([1e-8, 0.1, 1e-6]),
  full: (at) => at.random.pick([0, 1]),
  logTarget: () => 0,
  threshold: (at) => at.random.pick([0, 0.5]),
  posWeight: (at) => at.random.pick([1, 0.5, 3.7]),
  labelSmoothing: (at) => at.random.pick([0, 0.1, 0.9]),
  clip: (at) => at.random.pick([0, 1e-7, 0.01]),
  low: (at) => at.random.pick([-Infinity, -1, 0]),
  high: (at) => at.random.pick([Infinity, 1, 0.5]),
};

/** Kernels that promise something of NaN and the infinities; to the others the caller gives none. */
const TAKES_ANYTHING =
  /^(error|mse|mae|huber|bce|cross_entropy|nll|argmax|moments|count_outside|undefined|scale|columns|dequantize|exact)_/;
/** Of targets and predictions at least 0, of probabilities, of two classes. */
const AT_LEAST_ZERO = /^(poisson|gamma|tweedie|msle)_/;
const SHARES = /^(bce|brier)_/;
const TWO_CLASSES = /^(focal|hinge|squared_hinge|exponential|soft_margin|zero_one_scores)_/;

const specials = [
  0,
  -0,
  1e-45,
  5e-324,
  1e-310,
  Infinity,
  -Infinity,
  Number.NaN,
  3.4e38,
  -1.7e308,
  1,
  -1,
  0.5,
  88.8,
  -745.2,
];
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 100, 255, 256, 257, 513, 1023, 1025];

/** The arguments of one call. */
class Call {
  constructor(name, twin, random) {
    this.name = name;
    this.random = random;
    this.names = /\(([\s\S]*?)\)/
      .exec(twin.toString())[1]
      .split(',')
      .map((part) => part.trim());
    this.named = new Set(this.names);
    this.type = name.endsWith('f32') ? Float32Array : Float64Array;
    this.C = random.pick([1, 2, 2, 3, 4, 5, 8, 10, 33, 100]);
    this.width = random.pick([1, 2, 3, 4, 7, 16]);
    this.period = random.pick([1, 3, 4, 256, 300]);
    this.n = random.pick(lengths);
    const across = this.named.has('C') ? this.C : this.named.has('width') || this.named.has('D') ? this.width : 1;
    this.rows = Math.floor(this.n / across);
    this.elements = across === 1 ? this.n : this.rows * across;
    this.blocks = 1 + Math.floor(random.next() * 8);
    const kind = random.next();
    const size = 10 ** random.between(-5, 5);
    this.value = () => {
      if (kind < 0.3 && random.next() < 0.3 && TAKES_ANYTHING.test(name)) return random.pick(specials);
      if (kind > 0.9) return Math.round(random.between(-3, 3));
      return random.between(-size, size);
    };
  }

  floats(length) {
    return this.type.from({ length }, () => this.value());
  }

  indices() {
    return Int32Array.from({ length: this.rows }, () => Math.floor(this.random.next() * (this.C + 1)) - 1);
  }

  probabilities(length) {
    return this.type.from({ length }, () => (this.random.next() < 0.1 ? this.random.pick([0, 1]) : this.random.next()));
  }

  weights(length) {
    return Float64Array.from({ length }, () => (this.random.next() < 0.1 ? 0 : this.random.next() * 3));
  }

  positive(length, type) {
    return type.from({ length }, () => 1e-3 + this.random.next() * 10);
  }

  predictions() {
    const { name, elements } = this;
    if (name.includes('log_probabilities')) return this.probabilities(elements).map((p) => p - 1);
    if (name.includes('probabilities')) return this.probabilities(elements);
    return name.startsWith('msle') ? this.positive(elements, this.type) : this.floats(elements);
  }

  targets() {
    const { name, n } = this;
    if (SHARES.test(name)) return this.probabilities(n);
    if (TWO_CLASSES.test(name)) return this.type.from({ length: n }, () => this.random.pick([0, 1, -1]));
    return AT_LEAST_ZERO.test(name) ? this.positive(n, this.type) : this.floats(n);
  }

  results() {
    if (this.name.startsWith('argmax')) return new Int32Array(this.rows);
    if (this.name.startsWith('widen')) return new Float32Array(this.n);
    if (this.name.startsWith('columns')) return new Float64Array(this.elements);
    if (this.name.startsWith('moments_range')) return new Float64Array(2);
    if (this.name.startsWith('moments')) return new Float64Array(Math.ceil(this.n / 256) * 10);
    return new Float64Array(this.named.has('rows') ? this.rows : this.n);
  }

  /** Null where a parameter's name says nothing. */
  values() {
    if (!this.names.every((name) => Object.hasOwn(parameters, name))) return null;
    return this.names.map((name) => parameters[name](this));
  }
}

export async function kernelTarget({ kernels: library, exactSum }) {
  const { createKernels, readExactSum, reference } = library;
  const kernels = createKernels();
  const isKernel = (name) => typeof kernels.exports[name] === 'function' && Object.hasOwn(reference, name);
  const names = Object.keys(kernels.exports).filter(isKernel);
  const once = { next: () => 0.5, pick: (list) => list[0], between: (low) => low };
  const unknown = names.filter((name) => new Call(name, reference[name], once).values() === null);
  const known = names.filter((name) => !unknown.includes(name));
  const run = async (random) => {
    const name = random.pick(known);
    const call = new Call(name, reference[name], random);
    const values = call.values();
    const difference = compare({ name, kernels, reference, readExactSum, exactSum }, values, random);
    if (difference)
      throw new Error(
        `${name}(${call.names.map((each, i) => `${each}: ${show(values[i])}`).join(', ')}): ${difference}`,
      );
  };
  run.remark = `${known.length} kernels${unknown.length > 0 ? `; left out, as a parameter is not known here: ${unknown.join(', ')}` : ''}`;
  return run;
}

const show = (value) => (ArrayBuffer.isView(value) ? `${value.constructor.name}(${value.length})` : String(value));

function compare({ name, kernels, reference, readExactSum, exactSum }, values, random) {
  const { memory, exports } = kernels;
  const mark = memory.mark();
  try {
    const pointers = values.map((value) => room(value, memory, exactSum, random));
    const views = () =>
      values.map((value, i) => (ArrayBuffer.isView(value) ? viewAt(memory, value, pointers[i]) : null));
    views().forEach((view, i) => {
      view?.set(values[i]);
    });
    values.forEach((value, i) => {
      if (value === 'accumulator') exports.exact_reset(pointers[i]);
    });
    const twins = values.map((value) =>
      value === 'accumulator' ? new exactSum.ExactSum() : ArrayBuffer.isView(value) ? value.slice() : value,
    );
    const returned = Number(exports[name](...pointers) ?? 0);
    const expected = Number(reference[name](...twins) ?? 0);
    if (!Object.is(returned, expected)) return `gives ${returned}, the twin ${expected}`;
    const after = views();
    for (const [i, twin] of twins.entries()) {
      const at = after[i]?.findIndex((value, k) => !Object.is(value, twin[k])) ?? -1;
      if (at >= 0) return `argument ${i}, element ${at}: ${after[i][at]}, the twin ${twin[at]}`;
      if (values[i] !== 'accumulator') continue;
      const sums = [readExactSum(kernels, pointers[i]).round(), twin.round()];
      if (!Object.is(sums[0], sums[1])) return `the sum is ${sums[0]}, the twin's ${sums[1]}`;
    }
    return null;
  } finally {
    memory.reset(mark);
  }
}

/** The pointer (or number) of an argument; arrays lie some elements behind an aligned address. */
function room(value, memory, { ACCUMULATOR_BYTES }, random) {
  if (value === 'accumulator') return memory.allocate(ACCUMULATOR_BYTES);
  if (!ArrayBuffer.isView(value)) return value ?? 0;
  const offset = Math.floor(random.next() * 4) * value.BYTES_PER_ELEMENT;
  return memory.allocate(value.byteLength + offset) + offset;
}

function viewAt(memory, like, pointer) {
  if (like instanceof Uint16Array) return new Uint16Array(memory.u8(pointer, 0).buffer, pointer, like.length);
  if (like instanceof Int32Array) return memory.i32(pointer, like.length);
  return like instanceof Float32Array ? memory.f32(pointer, like.length) : memory.f64(pointer, like.length);
}
