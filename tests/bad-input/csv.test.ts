import { evaluation, type Refusal, refusals } from '../helpers/refusals.js';

const text = (wrong: string, content: string | Uint8Array, ...says: (string | RegExp)[]): Refusal => ({
  wrong,
  files: { 'a.csv': content },
  args: evaluation('a.csv'),
  says: ['a.csv', ...says],
});
const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

refusals('csv files', [
  text('a row with too many fields', 'p,y\n1,2\n1,2,3\n', 'row 1', '3', '2'),
  text('a row with too few fields', 'p,y\n1,2\n3,4\n5\n', 'row 2', '1', '2'),
  text('an unclosed quote', 'p,y\n1,2\n"3,4\n5,6\n', 'row 1', /quote/),
  text('text after a closing quote', 'p,y\n1,2\n"3"x,4\n', 'row 1', /quote/),
  text('an unclosed quote in the header', '"p,y\n1,2\n', 'header', /quote/),
  text('a header alone with another name', 'q,y\n', '"p"', 'q'),
  text('bytes that are not UTF-8', bytes('p,y\n1,2\n', [0x33, 0xff], ',4\n'), 'row 1', 'UTF-8'),
  text('a header that is not UTF-8', bytes([0x70, 0xe9], ',y\n1,2\n'), 'header', 'UTF-8'),
  text('UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('p,y\n1,2\n', 'utf16le')]), 'UTF-16', 'iconv'),
  text('UTF-16 without a byte order mark', Buffer.from('p,y\n1,2\n', 'utf16le'), 'UTF-16', 'iconv'),
  text(
    'text in a column of numbers',
    'p,y\n1,2\n2,3\nhigh,4\n',
    'Column "p"',
    'row 2',
    '"high" is not a number',
    'Choose a column',
  ),
  text('a number with a decimal comma', 'p,y\n"1,5",2\n', 'Column "p"', 'row 0', '"1,5" is not a number'),
  text('a number with a unit', 'p,y\n1,2\n1kg,2\n', 'row 1', '"1kg"'),
  text('another separator', 'p;y\n1;2\n', '"p"', 'p;y'),
  text('a table cut off inside a row', 'p,y\n1,2\n3', 'row 1'),
]);

refusals('tsv files', [
  {
    wrong: 'a csv file named .tsv',
    files: { 'a.tsv': 'p,y\n1,2\n' },
    args: evaluation('a.tsv'),
    says: ['a.tsv', '"p"', 'p,y'],
  },
  {
    wrong: 'a ragged row',
    files: { 'a.tsv': 'p\ty\n1\t2\n3\n' },
    args: evaluation('a.tsv'),
    says: ['a.tsv', 'row 1'],
  },
]);
