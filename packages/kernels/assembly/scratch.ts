// Room for one block of a column: a tail shorter than a block is copied here, so that it runs through the same instructions.
const BLOCK_BYTES: usize = 64;

/** Two padded input blocks and the block of results. */
export const FIRST = memory.data(64, 16);
export const SECOND = memory.data(64, 16);
export const RESULT = memory.data(64, 16);

/** Copies `bytes` bytes of both columns and fills the rest with zeros. */
export function stage(first: usize, second: usize, bytes: usize): void {
  memory.fill(FIRST, 0, BLOCK_BYTES);
  memory.fill(SECOND, 0, BLOCK_BYTES);
  memory.copy(FIRST, first, bytes);
  memory.copy(SECOND, second, bytes);
}
