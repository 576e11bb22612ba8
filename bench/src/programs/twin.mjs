// The kernels' plain TypeScript twins, for the short form: a peer that is always there and never changes.
import { reference } from '@lossmill/kernels';
import { BATCH_ROWS } from './load.mjs';
import { bound } from './ours.mjs';

/** The same row losses (and gradients) from the twins, added up plainly. */
export function twin({ kase, views }) {
  const { rows, classes = 1, type, elements, pass, target } = kase;
  const loss = bound(kase);
  const out = new Float64Array(BATCH_ROWS);
  const Floats = type === 'f32' ? Float32Array : Float64Array;
  const gradient = new Floats(BATCH_ROWS * classes);
  const targetWidth = target === 'index' || target === 'real' ? 1 : classes;
  const part = (column, from, count, width) => column?.subarray(from * width, (from + count) * width) ?? null;
  const run = () => {
    let sum = 0;
    for (let from = 0; from < rows; from += BATCH_ROWS) {
      const count = Math.min(BATCH_ROWS, rows - from);
      const batch = {
        ...{ type, rows: count, classes, classWeight: null },
        prediction: part(views.p, from, count, classes),
        target: part(views.y, from, count, targetWidth),
        variance: part(views.v, from, count, 1),
      };
      loss.value(reference, batch, out);
      if (pass === 'gradient') loss.gradient(reference, batch, gradient);
      for (let i = 0; i < count; i++) sum += out[i];
    }
    return sum / rows;
  };
  return { programs: [{ name: 'TypeScript twin', role: 'twin', elements, run }], missing: [] };
}
