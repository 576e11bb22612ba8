import type { DescribedFile, Json, Segment } from '../format.js';
import { BLOCK } from './window.js';

/** Bytes between two checkpoints: at most this (and a row) is scanned in vain to reach a row. */
const DISTANCE = 512 * 1024;

/**
 * Places in a text file where a row begins, so that any row can be reached without reading the file from its start.
 * Kept as differences (rows, bytes, rows, bytes ...): 100 GB need about 2 MB.
 */
export class CheckpointWriter {
  readonly #first: number;
  readonly #steps: number[] = [];
  #row = 0;
  #offset: number;

  /** @param first where row 0 begins */
  constructor(first: number) {
    this.#first = first;
    this.#offset = first;
  }

  get layout(): Json {
    return { first: this.#first, steps: this.#steps };
  }

  /** Called for any row begin, in order; keeps one every 512 KiB. */
  pass(row: number, offset: number): void {
    if (offset - this.#offset < DISTANCE) return;
    this.#steps.push(row - this.#row, offset - this.#offset);
    this.#row = row;
    this.#offset = offset;
  }
}

/** The last checkpoint at or before a row. */
export function checkpointBefore(layout: Json, row: number): { row: number; offset: number } {
  const { first, steps } = layout as { first: number; steps: readonly number[] };
  let at = 0;
  let offset = first;
  for (let i = 0; i < steps.length; i += 2) {
    if (at + steps[i] > row) break;
    at += steps[i];
    offset += steps[i + 1];
  }
  return { row: at, offset };
}

const SEGMENT = 4 * 2 ** 20;

/** Segments of rows [start, end) that end at checkpoints; readers take a block more than they need. */
export function textSegments(file: DescribedFile, start: number, end: number): Segment[] {
  const { first, steps } = file.layout as { first: number; steps: readonly number[] };
  const segments: Segment[] = [];
  const finish = (row: number, from: number, to: number): void => {
    segments.push({ end: Math.min(row, end), ranges: [[from, Math.min(file.bytes, to + BLOCK)]] });
  };
  let row = 0;
  let offset = first;
  let from = first;
  for (let i = 0; i < steps.length && row < end; i += 2) {
    row += steps[i];
    offset += steps[i + 1];
    if (row <= start) from = offset;
    else if (row >= end || offset - from >= SEGMENT) {
      finish(row, from, offset);
      from = offset;
    }
  }
  if (row < end) finish(end, from, file.bytes);
  return segments;
}
