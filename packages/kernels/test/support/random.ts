/** A stream of numbers in (0, 1), the same for the same seed (mulberry32, two words a number). */
export function uniformStream(seed: number): () => number {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6) + 0.5) / 2 ** 53;
}

/** Draws of many shapes and scales, by name. */
export function distributions(seed: number): Record<string, () => number> {
  const uniform = uniformStream(seed);
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    normal,
    cauchy: () => Math.tan(Math.PI * (uniform() - 0.5)),
    'lognormal(4)': () => Math.exp(4 * normal()),
    '1e-30 to 1e30': () => 10 ** (60 * (uniform() - 0.5)) * (uniform() < 0.5 ? -1 : 1),
    '1e-300 to 1e300': () => 10 ** (600 * (uniform() - 0.5)),
    'float32 denormals': () => normal() * 1e-40,
    'float64 denormals': () => normal() * 1e-320,
    'near the end of float32': () => normal() * 1e38,
    'near the end of float64': () => normal() * 1e307,
    'mostly zeros': () => (uniform() < 0.95 ? 0 : normal()),
    'small integers': () => Math.round(3 * normal()),
    'one value': () => 0.1,
    zeros: () => 0,
    'a few infinities': () => (uniform() < 0.001 ? Infinity : normal()),
    'a few NaN': () => (uniform() < 0.001 ? Number.NaN : normal()),
    'a scale that changes': () => normal() * 2 ** (40 * Math.sin(uniform())),
  };
}

/** Values that arithmetic treats specially, mixed with ordinary ones. */
export function specials(length: number, seed: number): number[] {
  const uniform = uniformStream(seed);
  const edges = [
    0,
    -0,
    1e-45,
    -1e-45,
    5e-324,
    1e-310,
    Infinity,
    -Infinity,
    Number.NaN,
    3.4e38,
    -1.7e308,
    1,
    -1,
    1.5,
    0.25,
  ];
  return Array.from({ length }, () =>
    uniform() < 0.4 ? edges[Math.floor(uniform() * edges.length)] : (uniform() - 0.5) * 2 ** (20 * (uniform() - 0.5)),
  );
}
