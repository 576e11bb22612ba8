import { npy, npyHeader, npyWithHeader } from '../helpers/npy.js';
import { arrays, type Refusal, refusals } from '../helpers/refusals.js';

const good = npy([1, 2, 3, 4]);
const y = npy([1, 2, 3, 4]);

const prediction = (wrong: string, content: Uint8Array, ...says: (string | RegExp)[]): Refusal => ({
  wrong,
  files: { 'p.npy': content, 'y.npy': y },
  args: arrays('p.npy', 'y.npy'),
  says: ['p.npy', ...says],
});
const header = (wrong: string, text: string, ...says: (string | RegExp)[]): Refusal =>
  prediction(wrong, npyWithHeader(text, new Uint8Array(32)), ...says);

refusals('.npy files that are cut off', [
  prediction('an empty array file', good.subarray(0, 0), 'empty (0 bytes)'),
  prediction('one cut off inside the magic', good.subarray(0, 4), 'signature', 'byte 4'),
  prediction('one cut off inside the version', good.subarray(0, 7), 'signature', 'byte 7'),
  prediction('one cut off inside the header’s length', good.subarray(0, 9), 'header length', 'byte 9'),
  prediction('one cut off inside the header', good.subarray(0, 40), 'header should end at byte 128', 'byte 40'),
  prediction('one without data', good.subarray(0, 128), '(4)', '32 bytes', 'has 0', 'cut off'),
  prediction('one cut off inside a number', good.subarray(0, 128 + 13), '32 bytes', 'has 13', 'cut off'),
  prediction('one cut off by a row', good.subarray(0, 128 + 24), '32 bytes', 'has 24'),
  prediction('one with bytes behind the array', Buffer.concat([good, Buffer.alloc(8)]), 'has 40', 'follows the array'),
]);

refusals('.npy headers', [
  prediction('a wrong magic', Buffer.concat([Buffer.from('NUMPY!'), good.subarray(6)]), 'signature'),
  prediction('version 9', npyWithHeader(npyHeader('<f8', [4]), new Uint8Array(32), 9), 'version 9.0', '1 to 3'),
  header('a header that is no dictionary', "['descr', '<f8']", 'not a Python dictionary'),
  header('a header without shape', "{'descr': '<f8', 'fortran_order': False}", "no 'shape'"),
  header('a shape that is no tuple', "{'descr': '<f8', 'fortran_order': False, 'shape': 4}", "'shape' is not a tuple"),
  header('a negative size', npyHeader('<f8', [-4]), '-4', 'no size'),
  header('an order that is no truth', "{'descr': '<f8', 'fortran_order': 0, 'shape': (4,)}", "'fortran_order'"),
  header('an object array', npyHeader('|O', [4]), 'object array', '"|O"', 'Convert it to numbers'),
  header('a unicode array', npyHeader('<U2', [4]), 'unicode text', '"<U2"', 'class indices'),
  header('a byte string array', npyHeader('|S8', [4]), 'byte strings', '"|S8"'),
  header('a complex array', npyHeader('<c8', [4]), 'complex', 'float16/32/64'),
  header('an array of dates', npyHeader('<M8[D]', [4]), 'dates'),
  header('a float of 16 bytes', npyHeader('<f16', [2]), '"<f16"', 'astype("float64")'),
  header(
    'a structured array',
    "{'descr': [('a', '<f8'), ('b', '<f8')], 'fortran_order': False, 'shape': (2,), }",
    'structured array',
    'an array of its own',
  ),
  header('a single value', npyHeader('<f8', []), 'single value', 'One dimension'),
  header('four dimensions', npyHeader('<f8', [2, 2, 1, 1]), '(2, 2, 1, 1)', '4 dimensions', 'reshape'),
  header('rows of no values', npyHeader('<f8', [4, 0]), '(4, 0)', 'at least one value'),
]);

refusals('.npy arrays that do not fit each other', [
  {
    wrong: 'arrays of different length',
    files: { 'p.npy': npy([1, 2, 3]), 'y.npy': npy([1, 2]) },
    args: arrays('p.npy', 'y.npy'),
    says: ['"prediction" (p.npy) has 3 rows', '"target" (y.npy) has 2 rows'],
  },
  {
    wrong: 'shards of different width',
    files: { 'p-0.npy': npy([1, 2], [1, 2]), 'p-1.npy': npy([1, 2, 3], [1, 3]), 'y.npy': npy([0, 1]) },
    args: arrays('p-*.npy', 'y.npy', 'cross_entropy'),
    says: ['p-0.npy', 'lists of 2', 'p-1.npy', 'lists of 3'],
  },
  {
    wrong: 'shards of one and two dimensions',
    files: { 'p-0.npy': npy([1, 2]), 'p-1.npy': npy([1, 2], [1, 2]), 'y.npy': npy([0, 1, 1]) },
    args: arrays('p-*.npy', 'y.npy'),
    says: ['single values in p-0.npy', 'lists of 2 in p-1.npy'],
  },
  {
    wrong: 'a wide prediction for a loss that wants one value',
    files: { 'p.npy': npy([1, 2, 3, 4], [2, 2]), 'y.npy': npy([0, 1]) },
    args: arrays('p.npy', 'y.npy', 'bce'),
    says: ['--pred', 'has 2 values a row: bce wants one; cross_entropy takes 2 classes'],
  },
  {
    wrong: 'one column of logits for a loss over classes',
    files: { 'p.npy': npy([1, 2]), 'y.npy': npy([0, 1]) },
    args: arrays('p.npy', 'y.npy', 'cross_entropy'),
    says: ['--pred', 'one value a row', 'C at least 2', 'bce'],
  },
  {
    wrong: 'weights of another length',
    files: { 'p.npy': npy([1, 2]), 'y.npy': npy([0, 1]), 'w.npy': npy([1]) },
    args: arrays('p.npy', 'y.npy', 'mse', '--weight', 'w.npy'),
    says: ['"weight" (w.npy) has 1 rows', '2 rows'],
  },
]);
