import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../src/index.js';

describe('normalQuantile', () => {
  it.each([
    // Reference values: 20 digits of the inverse error function, rounded.
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [0.95, 1.6448536269514722],
    [0.3, -0.5244005127080407],
    [1e-10, -6.361340902404056],
    [1e-300, -37.0470962993612],
  ])('of %d is %d', (p, expected) => {
    expect(Math.abs(normalQuantile(p, Math.log) - expected)).toBeLessThanOrEqual(
      4e-15 * Math.max(1, Math.abs(expected)),
    );
  });

  it('is odd about one half and infinite at the ends', () => {
    expect(normalQuantile(0.25, Math.log)).toBe(-normalQuantile(0.75, Math.log));
    expect(normalQuantile(0, Math.log)).toBe(-Infinity);
    expect(normalQuantile(1, Math.log)).toBe(Infinity);
  });
});
