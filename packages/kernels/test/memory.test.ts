import { describe, expect, it } from 'vitest';
import { createKernels } from '../src/index.js';

describe('KernelMemory', () => {
  it('hands out aligned buffers that do not overlap', () => {
    const { memory } = createKernels();
    const a = memory.allocate(10);
    const b = memory.allocate(100);
    expect([a % 64, b % 64]).toEqual([0, 0]);
    expect(b).toBeGreaterThanOrEqual(a + 10);
  });

  it('grows when it must', () => {
    const { memory } = createKernels();
    const at = memory.allocate(3_000_000);
    memory.f64(at, 375_000).fill(1.5);
    expect(memory.f64(at, 375_000).at(-1)).toBe(1.5);
  });

  it('keeps big buffers off the same cache sets', () => {
    const { memory } = createKernels();
    const a = memory.allocate(1 << 20);
    const b = memory.allocate(1 << 20);
    const distance = (b - a) % 4096;
    expect(Math.min(distance, 4096 - distance)).toBeGreaterThanOrEqual(256);
    expect((b - a) % 65536).toBeGreaterThan(4096);
  });

  it('takes back what was allocated after a mark', () => {
    const { memory } = createKernels();
    memory.allocate(64);
    const mark = memory.mark();
    const first = memory.allocate(64);
    memory.reset(mark);
    expect(memory.allocate(64)).toBe(first);
    expect(() => memory.reset(mark + 1_000_000)).toThrow(RangeError);
  });

  it('refuses sizes that are none and more than 4 GiB', () => {
    const { memory } = createKernels();
    expect(() => memory.allocate(-1)).toThrow(RangeError);
    expect(() => memory.allocate(Number.NaN)).toThrow(RangeError);
    expect(() => memory.allocate(2 ** 33)).toThrow(RangeError);
  });

  it('belongs to one instance', () => {
    const [a, b] = [createKernels(), createKernels()];
    const at = a.memory.allocate(8);
    expect(b.memory.allocate(8)).toBe(at);
    a.memory.f64(at, 1)[0] = 3;
    b.memory.f64(at, 1)[0] = 4;
    expect(a.memory.f64(at, 1)[0]).toBe(3);
  });
});
