const LEAST_MS = 5;

/**
 * How long to wait before the next look at something that began `elapsedMs` ago: a twentieth of that, so that waiting costs a short
 * evaluation little and looking costs a long one little.
 */
export const lookAgainAfter = (elapsedMs: number, mostMs: number): number =>
  Math.min(mostMs, Math.max(LEAST_MS, elapsedMs / 20));
