/** Everything stands under one hash tag, so that a script may touch several keys on a Redis cluster too. */
export const PREFIX = '{lossmill}';

export const QUEUES = { evaluations: 'lossmill.evaluations', tasks: 'lossmill.tasks.v1' } as const;

/** Sorted sets of evaluation ids by the time of their submission in ms; and the workers that are alive, by last sign of life. */
export const INDEX = {
  all: `${PREFIX}:evaluations`,
  /** Queued, running or reducing. */
  open: `${PREFIX}:open`,
  workers: `${PREFIX}:workers`,
  coordinators: `${PREFIX}:coordinators`,
  /** Those that vanished without taking leave, by when that was noticed. */
  lostWorkers: `${PREFIX}:lost-workers`,
  lostCoordinators: `${PREFIX}:lost-coordinators`,
} as const;

/** Where an evaluation's state lies. */
export interface EvaluationKeys {
  /** Hash: state, counters (see EvaluationRecord). */
  st: string;
  /** JSON: what was submitted. */
  spec: string;
  /** The plan with the dataset's handle, as packPlan writes it. */
  plan: string;
  /** Bitmap: shards that are counted. */
  bm: string;
  /** Bitmap: shards that failed for good. */
  fb: string;
  /** Hash: failed shard -> JSON of why. */
  dl: string;
  /** Hash: first shard and length of a run, "12.3" -> bytes of its partial, which follow from these; until it is folded. */
  p: string;
  /** Bytes of all partials folded so far. */
  acc: string;
  /** Hash: worker that counted a shard -> its threads. */
  ws: string;
  /** JSON of the report. */
  report: string;
}

export function keysOf(id: string): EvaluationKeys {
  const key = (name: string): string => `${PREFIX}:ev:${id}:${name}`;
  return {
    st: key('st'),
    spec: key('spec'),
    plan: key('plan'),
    bm: key('bm'),
    fb: key('fb'),
    dl: key('dl'),
    p: key('p'),
    acc: key('acc'),
    ws: key('ws'),
    report: key('report'),
  };
}
