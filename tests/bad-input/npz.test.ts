import { npy, npyHeader, npyWithHeader } from '../helpers/npy.js';
import { evaluation, type Refusal, refusals } from '../helpers/refusals.js';
import { zip } from '../helpers/zip.js';

const p = npy([1, 2, 3, 4]);
const y = npy([1, 2, 3, 4]);
const members = { 'p.npy': p, 'y.npy': y };
const good = zip(members);

const archive = (wrong: string, content: Uint8Array, ...says: (string | RegExp)[]): Refusal => ({
  wrong,
  files: { 'a.npz': content },
  args: evaluation('a.npz'),
  says: ['a.npz', ...says],
});

const overwrite = (content: Buffer, at: number, bytes: readonly number[]): Buffer => {
  const copy = Buffer.from(content);
  copy.set(bytes, at);
  return copy;
};
const directory = good.readUInt32LE(good.length - 6);

refusals('.npz archives that are cut off', [
  archive(
    'one cut off inside the first member',
    good.subarray(0, 100),
    /cut off|truncated|end record|central directory/i,
  ),
  archive(
    'one cut off inside the directory',
    good.subarray(0, directory + 20),
    /cut off|truncated|end record|directory/i,
  ),
  archive(
    'one cut off inside the end record',
    good.subarray(0, good.length - 5),
    /cut off|truncated|end record|directory/i,
  ),
  archive('one whose directory is overwritten', overwrite(good, directory, [0, 0, 0, 0]), /directory|entry/i),
  archive('one whose member is overwritten', overwrite(good, 0, [0x50, 0x4b, 0, 0]), /member|local header/i),
]);

refusals('.npz members', [
  archive('an encrypted member', zip(members, { flags: 1 }), 'encrypted'),
  archive('an unknown compression', zip(members, { method: 12 }), /method|compress/),
  archive('a wrong checksum', zip(members, { deflate: true, crc: 1 }), /checksum|CRC/i),
  archive('an archive without members', zip({}), /empty|without members/),
  archive('a member that is no array', zip({ ...members, 'readme.txt': Buffer.from('hi') }), 'readme.txt', 'NAME.npy'),
  archive('members of different length', zip({ 'p.npy': p, 'y.npy': npy([1]) }), 'p has 4 rows', 'y has 1'),
  archive('a member that is cut off', zip({ 'p.npy': p.subarray(0, 140), 'y.npy': y }), 'p.npy', 'cut off'),
  archive(
    'an object member',
    zip({ 'p.npy': npyWithHeader(npyHeader('|O', [4])), 'y.npy': y }),
    'p.npy',
    'object array',
  ),
  archive(
    'a member twice',
    Buffer.from(zip({ 'p.npy': p, 'q.npy': y }).toString('latin1').replaceAll('q.npy', 'p.npy'), 'latin1'),
    '"p"',
    /two columns|twice/,
  ),
  archive(
    'a column that is not there',
    zip({ 'p.npy': p, 'target.npy': y }),
    '--target',
    '"y"',
    'p (f64), target (f64)',
  ),
]);
