// TensorFlow.js on its WebAssembly backend, SIMD, one thread. Its own losses where it has them.

/** Enough to leave the caches; more only adds waiting, it is an order of magnitude behind. */
const MOST = 1 << 21;

const losses = {
  mse: (tf, { p, y }) => tf.losses.meanSquaredError(y, p),
  mae: (tf, { p, y }) => tf.losses.absoluteDifference(y, p),
  huber: (tf, { p, y }, { delta }) => tf.losses.huberLoss(y, p, undefined, delta),
  bce: (tf, { p, y }) => tf.losses.sigmoidCrossEntropy(y, p),
  cross_entropy: (tf, { z, t }, { classes }) =>
    tf.mean(tf.sub(tf.logSumExp(z, 1), tf.sum(tf.mul(z, tf.oneHot(t, classes)), 1))),
};

let loaded = null;

export async function tfjs({ kase, views }) {
  loaded ??= await open();
  const tf = loaded;
  const rows = Math.min(kase.rows ?? kase.elements, Math.floor(MOST / (kase.classes ?? 1)));
  const elements = rows * (kase.classes ?? 1);
  const tensors = {};
  for (const [name, view] of Object.entries(views)) {
    if (name === 't') tensors.t = tf.tensor1d(view.slice(0, rows), 'int32');
    else if (name === 'z') tensors.z = tf.tensor2d(view.slice(0, elements), [rows, kase.classes]);
    else tensors[name] = tf.tensor1d(view.slice(0, elements));
  }
  const run = () => tf.tidy(() => losses[kase.loss](tf, tensors, kase).dataSync()[0]);
  return {
    programs: [{ name: 'tfjs-wasm', role: 'peer', elements, run }],
    missing: [],
    release: () => tf.dispose(tensors),
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
