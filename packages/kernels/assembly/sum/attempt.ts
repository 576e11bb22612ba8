import { FUSED_PENALTY, FUSED_SKIP, FUSED_WINDOW } from '@lossmill/exact-sum/assembly';

// Whether to try the fused pass on the next block. Data whose blocks keep failing it (heavy tails) would pay for it each time, so each
// failure in a row doubles the number of blocks that go straight to the general adder.

const LONGEST_SKIP: i32 = 31;
const SPECIAL: i32 = 2047;
/** 256 row losses below 2^(top - 1022) in a lane stay within half of the fused window. */
const ROOM_ABOVE: i32 = 1063;

// @ts-ignore: decorator
@inline
export function isDue(acc: usize): bool {
  const skip = load<i32>(acc + FUSED_SKIP);
  if (skip == 0) return true;
  store<i32>(acc + FUSED_SKIP, skip - 1);
  return false;
}

// @ts-ignore: decorator
@inline
export function succeeded(acc: usize): void {
  store<i32>(acc + FUSED_PENALTY, 0);
}

export function failed(acc: usize): void {
  const penalty = load<i32>(acc + FUSED_PENALTY);
  store<i32>(acc + FUSED_SKIP, penalty);
  store<i32>(acc + FUSED_PENALTY, min(2 * penalty + 1, LONGEST_SKIP));
}

/** Sets the fused window from the exponent field of the largest row loss of a block. */
export function retune(acc: usize, top: i32): void {
  if (top > 0 && top < SPECIAL) store<i32>(acc + FUSED_WINDOW, top - ROOM_ABOVE);
}
