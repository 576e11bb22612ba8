// The loss of one logit of a row, from what a scan left behind.
import { log1p_f64 } from '../link/log';
import { FINITE, ONE_INFINITE, rowMax, rowRest, rowState } from './row';
import { scan_f32 } from './scan-f32';
import { scan_f64 } from './scan-f64';

/** log(sum of e^z) - m of the row just scanned. */
// @ts-ignore: decorator
@inline
export function excess(): f64 {
  return log1p_f64(rowRest);
}

/** log(sum of e^z) - z for one logit of the row just scanned, `log` being its `excess`. */
// @ts-ignore: decorator
@inline
export function distance(z: f64, log: f64): f64 {
  if (rowState == FINITE) return log + (rowMax - z);
  if (rowState == ONE_INFINITE) return z == Infinity ? 0.0 : Infinity;
  return NaN;
}

// @ts-ignore: decorator
@inline
export function scanRow<T>(row: usize, C: i32): void {
  if (sizeof<T>() == 4) scan_f32(row, C);
  else scan_f64<f64>(row, C);
}

/** The row's loss with care for infinities, its exponentials in float64. */
export function slowLoss<T>(row: usize, y: i32, C: i32): f64 {
  scan_f64<T>(row, C);
  return distance(<f64>load<T>(row + <usize>y * sizeof<T>()), excess());
}
