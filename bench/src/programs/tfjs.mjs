// TensorFlow.js on its WebAssembly backend, SIMD, one thread. Its own losses where it has them.

/** Enough to leave the caches; more only adds waiting, it is an order of magnitude behind. */
const MOST = 1 << 21;

const losses = {
  mse: (tf, { p, y }) => tf.losses.meanSquaredError(y, p),
  mae: (tf, { p, y }) => tf.losses.absoluteDifference(y, p),
  huber: (tf, { p, y }, { parameters: { delta } }) => tf.losses.huberLoss(y, p, undefined, delta),
  bce: (tf, { p, y }) => tf.losses.sigmoidCrossEntropy(y, p),
  cross_entropy: (tf, { p, y }, { classes }) =>
    tf.mean(tf.sub(tf.logSumExp(p, 1), tf.sum(tf.mul(p, tf.oneHot(y, classes)), 1))),
};

let loaded = null;

export async function tfjs({ kase, views }) {
  if (!losses[kase.loss] || kase.type !== 'f32' || kase.input === 'probabilities') return { programs: [], missing: [] };
  if (kase.pass === 'gradient')
    return {
      programs: [],
      missing: [{ name: 'tfjs-wasm', why: 'its gradients are registered by files that Node cannot import' }],
    };
  loaded ??= await open();
  const tf = loaded;
  const { classes = 1 } = kase;
  const rows = Math.min(kase.rows, Math.floor(MOST / classes));
  const elements = rows * classes;
  const y = tf.tensor1d(views.y.slice(0, rows), classes > 1 ? 'int32' : 'float32');
  const values = views.p.slice(0, elements);
  const p = classes > 1 ? tf.tensor2d(values, [rows, classes]) : tf.tensor1d(values);
  const loss = (x) => losses[kase.loss](tf, { p: x, y }, kase);
  const run = () => tf.tidy(() => loss(p).dataSync()[0]);
  return {
    programs: [{ name: 'tfjs-wasm', role: 'peer', elements, run }],
    missing: [],
    release: () => tf.dispose([p, y]),
  };
}

async function open() {
  const tf = await import('@tensorflow/tfjs-core');
  const backend = await import('@tensorflow/tfjs-backend-wasm');
  backend.setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  return tf;
}
