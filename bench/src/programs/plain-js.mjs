// What one writes without a library: a loop over typed arrays with a float64 sum.

const sums = {
  mse: ({ views: { p, y } }) => {
    let sum = 0;
    for (let i = 0; i < p.length; i++) {
      const error = p[i] - y[i];
      sum += error * error;
    }
    return sum / p.length;
  },
  mae: ({ views: { p, y } }) => {
    let sum = 0;
    for (let i = 0; i < p.length; i++) sum += Math.abs(p[i] - y[i]);
    return sum / p.length;
  },
  huber: ({ views: { p, y }, kase }) => {
    const { delta } = kase.parameters;
    let sum = 0;
    for (let i = 0; i < p.length; i++) {
      const error = Math.abs(p[i] - y[i]);
      sum += error <= delta ? 0.5 * error * error : delta * (error - 0.5 * delta);
    }
    return sum / p.length;
  },
  bce: ({ views: { p: z, y } }) => {
    let sum = 0;
    for (let i = 0; i < z.length; i++) sum += Math.max(z[i], 0) - z[i] * y[i] + Math.log1p(Math.exp(-Math.abs(z[i])));
    return sum / z.length;
  },
  cross_entropy: ({ views: { p: z, y: t }, kase: { rows, classes } }) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const begin = i * classes;
      const end = begin + classes;
      let max = z[begin];
      for (let k = begin + 1; k < end; k++) if (z[k] > max) max = z[k];
      let normalizer = 0;
      for (let k = begin; k < end; k++) normalizer += Math.exp(z[k] - max);
      sum += Math.log(normalizer) + max - z[begin + t[i]];
    }
    return sum / rows;
  },
};

export function plainJs(data) {
  const { kase } = data;
  if (!sums[kase.loss] || kase.pass !== 'value' || kase.input === 'probabilities') return { programs: [], missing: [] };
  const run = () => sums[kase.loss](data);
  return { programs: [{ name: 'JavaScript loop', role: 'peer', elements: kase.elements, run }], missing: [] };
}
