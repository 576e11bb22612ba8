import { evaluation, type Refusal, refusals } from '../helpers/refusals.js';
import { arrow } from '../helpers/tables.js';

const columns = { p: Float64Array.from({ length: 100 }, (_, k) => k), y: new Float64Array(100) };
const file = Buffer.from(arrow(columns));
const stream = Buffer.from(arrow(columns, 'stream'));

const ipc = (wrong: string, content: Uint8Array, ...says: (string | RegExp)[]): Refusal => ({
  wrong,
  files: { 'a.arrow': content },
  args: evaluation('a.arrow'),
  says: ['a.arrow', ...says],
});
const changed = (content: Buffer, at: number, bytes: readonly number[]): Buffer => {
  const copy = Buffer.from(content);
  copy.set(bytes, at);
  return copy;
};

refusals('arrow files that are damaged', [
  ipc('a file cut off inside the magic', file.subarray(0, 4), 'Arrow IPC'),
  ipc('a file cut off inside the schema', file.subarray(0, 60), 'cut off'),
  ipc('a file cut off inside the data', file.subarray(0, file.length >> 1), 'does not end with ARROW1', 'cut off'),
  ipc('a file cut off inside the footer', file.subarray(0, file.length - 12), 'cut off'),
  ipc('a file with another first magic', changed(file, 0, [0x41, 0x52, 0x52, 0x4f, 0x57, 0x39]), 'ARROW1'),
  ipc('a file with an impossible footer length', changed(file, file.length - 10, [255, 255, 255, 127]), 'footer'),
  ipc('a file whose schema message is overwritten', changed(file, 8, Array(64).fill(0x7f)), 'Arrow IPC'),
  ipc('a stream cut off inside the schema', stream.subarray(0, 40), /cut off|lies outside|should end/),
  ipc('a stream cut off inside the data', stream.subarray(0, stream.length - 100), 'should end', 'the file ends'),
  ipc('a stream without its end', stream.subarray(0, stream.length - 8), 'end-of-stream', 'cut off'),
]);

refusals('arrow columns', [
  ipc('text as prediction', arrow({ p: ['high', 'low'], y: [1, 2] }), '"p"', 'text', 'numbers are needed'),
  ipc('a missing prediction', arrow({ p: [1, null, 3], y: [1, 2, 3] }), 'row 1', 'column p', 'the value is missing'),
  ipc('no such column', arrow({ q: [1], y: [1] }), '--pred', 'no column "p"', 'q (i8)'),
]);
