// What a row of C logits comes down to, with m its first maximum: the sum of e^(z - m) over all logits but that one.

/** Every logit finite or -Infinity, and at least one finite. */
export const FINITE: i32 = 0;
/** Exactly one +Infinity: the limit puts all probability on it. */
export const ONE_INFINITE: i32 = 1;
/** No limit: a NaN, several +Infinity, or nothing but -Infinity. */
export const UNDEFINED: i32 = 2;

/** The largest logit. */
export let rowMax: f64 = 0;
/** Sum of e^(z - m) over all logits but the first maximum: 1 + rowRest is the sum over all. */
export let rowRest: f64 = 0;
/** FINITE, ONE_INFINITE or UNDEFINED. */
export let rowState: i32 = FINITE;
/** Stored e (see the scans' `store`) times this is a probability. */
export let rowScale: f64 = 1;

// @ts-ignore: decorator
@inline
export function setRow(max: f64, rest: f64, state: i32, scale: f64): void {
  rowMax = max;
  rowRest = rest;
  rowState = state;
  rowScale = scale;
}
