/** What becomes of a row. Only COUNTED rows enter the sums; a WEIGHTLESS row counts as a row but adds exactly 0. */
export const COUNTED = 0;
export const WEIGHTLESS = 1;
export const IGNORED = 2;
export const BAD = 3;
