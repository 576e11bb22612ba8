import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointWriter, checkpointBefore } from '../../../src/formats/text/checkpoints.js';

describe('checkpoints', () => {
  it('lead to a place where a row begins, at most 512 KiB and a row before the wanted one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 200 }),
        fc.nat(100),
        (lengths, first) => {
          const writer = new CheckpointWriter(first);
          const offsets = [first];
          for (const length of lengths) offsets.push(offsets[offsets.length - 1] + length);
          offsets.slice(0, -1).forEach((offset, row) => {
            writer.pass(row, offset);
          });
          for (let row = 0; row < lengths.length; row++) {
            const found = checkpointBefore(writer.layout, row);
            expect(found.row).toBeLessThanOrEqual(row);
            expect(found.offset).toBe(offsets[found.row]);
            expect(offsets[row] - found.offset).toBeLessThan(512 * 1024 + 300_000);
          }
        },
      ),
    );
  });
});
