import { evaluation, type Refusal, refusals } from '../helpers/refusals.js';

const lines = (wrong: string, content: string | Uint8Array, ...says: (string | RegExp)[]): Refusal => ({
  wrong,
  files: { 'a.jsonl': content },
  args: evaluation('a.jsonl'),
  says: ['a.jsonl', ...says],
});
const good = '{"p": 1, "y": 2}\n';

refusals('jsonl files', [
  lines('a line that is not JSON', `${good}{"p": 1, "y": }\n`, 'row 1'),
  lines('a line cut off', `${good}{"p": 1, "y": 2`, 'row 1'),
  lines('two values on a line', `{"p": 1, "y": 2} {"p": 1}\n`, 'row 0'),
  lines('a line that is a list', `${good}[1, 2]\n`, 'row 1', /object/),
  lines('a line that is a number', `${good}7\n`, 'row 1', /object/),
  lines('one list over many lines', '[\n{"p": 1, "y": 2}\n]\n', 'row 0'),
  lines('an object as column', '{"p": {"a": 1}, "y": 2}\n', '"p"', 'row 0', 'is not a number'),
  {
    wrong: 'a ragged list',
    files: { 'a.jsonl': '{"p": [1, 2], "y": 0}\n{"p": [1], "y": 0}\n' },
    args: evaluation('a.jsonl', 'cross_entropy'),
    says: ['a.jsonl, row 1, column p', '1 value', 'have 2', 'equally long'],
  },
  lines('a list after a number', `${good}{"p": [1], "y": 2}\n`, 'row 1', '"p"'),
  lines('a number after a list', '{"p": [1, 2], "y": 0}\n{"p": 1, "y": 0}\n', '"p"', 'row 0', '[1, 2]'),
  lines('a text after a number', `${good}{"p": "high", "y": 2}\n`, 'row 1', /p/, '"high"'),
  lines('a truth value after a number', `${good}{"p": true, "y": 2}\n`, 'row 1', /p/),
  lines('a list of texts', '{"p": ["a", "b"], "y": 2}\n', '"p"'),
  lines('a list in a list', '{"p": [[1]], "y": 2}\n', '"p"'),
  lines(
    'bytes that are not UTF-8',
    Buffer.concat([Buffer.from('{"p": 1, "y": "'), Buffer.from([0xff]), Buffer.from('"}\n')]),
    'UTF-8',
  ),
  lines('NaN, which JSON has not, in another column', '{"p": 1, "y": 2, "z": Nope}\n', 'row 0'),
]);
