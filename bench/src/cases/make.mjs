// How a case is described. Its description goes to every agent; `goal` and `write` stay with the orchestrator.

export const SEED = 20_240_229;
const KERNEL = { calls: 3, seconds: 0.15, warm: 1, rounds: 5 };

/** Peers of a goal: every one, or those whose name matches. */
export const beats = (atLeast, peers = /./) => ({ peers, atLeast });
/** Ours over our own plain float64 sum. */
export const costs = (atMost) => ({ plain: true, atMost });

/**
 * A loss over columns in memory. `pass` is 'value' (row losses and their exact sum) or 'gradient' (both, and the gradient of every
 * prediction). `brief`: without torch.compile and torch's default malloc, which take long. `make(rows)` gives the columns: { p, y[, v] }, each [type, width, draw].
 */
export function kernelCase({
  name,
  loss,
  pass = 'value',
  type = 'f32',
  family,
  make,
  full,
  short,
  goal = [],
  ...rest
}) {
  const { classes = 1 } = rest;
  return {
    ...{ name, kind: 'kernel', loss, pass, type, family, parameters: {}, input: null, target: 'real' },
    ...rest,
    pinned: true,
    sampling: KERNEL,
    size: { full, short: short ?? Math.min(full, 1 << 16) },
    goal,
    make: (elements) => make(Math.floor(elements / classes)),
  };
}
