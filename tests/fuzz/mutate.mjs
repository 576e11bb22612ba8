// Damage: what disks, networks, broken writers and attackers do to files. Everything follows from the random stream.

const wholes = [0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 32767, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
const larges = [2n ** 32n, 2n ** 40n, 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
const texts = [
  '0',
  '-1',
  '1',
  '999999999',
  '4294967296',
  '9007199254740993',
  '1e308',
  '-',
  '',
  '00',
  '0.5',
  'NaN',
  '[',
  '"',
];

/** A place in bytes: often near the ends, where headers and footers are. */
function place(bytes, random) {
  const near = Math.min(bytes.length, 400);
  const kind = random.next();
  if (kind < 0.35) return Math.floor(random.next() * near);
  if (kind < 0.6) return bytes.length - 1 - Math.floor(random.next() * near);
  return Math.floor(random.next() * bytes.length);
}

function span(bytes, random) {
  const start = place(bytes, random);
  const most = random.next() < 0.5 ? 16 : bytes.length;
  return [start, Math.min(bytes.length, start + 1 + Math.floor(random.next() * most))];
}

const operations = {
  flip(bytes, random) {
    const out = Buffer.from(bytes);
    out[place(bytes, random)] ^= 1 << Math.floor(random.next() * 8);
    return out;
  },
  byte(bytes, random) {
    const out = Buffer.from(bytes);
    out[place(bytes, random)] = random.pick([0, 1, 0x20, 0x22, 0x2c, 0x7f, 0x80, 0xff]);
    return out;
  },
  truncate: (bytes, random) => bytes.subarray(0, place(bytes, random)),
  behead: (bytes, random) => bytes.subarray(Math.min(place(bytes, random), 64)),
  remove(bytes, random) {
    const [from, to] = span(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  duplicate(bytes, random) {
    const [from, to] = span(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  insert(bytes, random) {
    const at = place(bytes, random);
    const fill = random.pick([0, 0xff, 0x41]);
    const middle = Buffer.alloc(1 + Math.floor(random.next() * 40), fill);
    return Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(at)]);
  },
  zero(bytes, random) {
    const [from, to] = span(bytes, random);
    return Buffer.from(bytes).fill(random.pick([0, 0xff]), from, to);
  },
  swap(bytes, random) {
    const [from, to] = span(bytes, random);
    const [start] = span(bytes, random);
    const out = Buffer.from(bytes);
    bytes.copy(out, start, from, to);
    return out;
  },
  /** A length, an offset, a count: overwritten by another, or moved by a little. */
  number(bytes, random) {
    const size = random.pick([2, 4, 4, 8, 8]);
    if (bytes.length < size) return bytes;
    const out = Buffer.from(bytes);
    let at = Math.min(place(bytes, random), bytes.length - size);
    if (random.next() < 0.7) at -= at % size;
    const before = out.readUIntLE(at, Math.min(size, 6));
    const value = random.pick([
      random.pick(wholes),
      random.pick(larges),
      before + random.pick([-8, -4, -1, 1, 4, 8]),
      before * 2,
    ]);
    const wide = Buffer.alloc(8);
    wide.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
    out.set(wide.subarray(0, size), at);
    return out;
  },
  /** A number written in digits. */
  digits(bytes, random) {
    const text = bytes.toString('latin1');
    const found = [...text.slice(0, 4000).matchAll(/-?\d+/g)];
    if (found.length === 0) return operations.number(bytes, random);
    const { index, 0: digits } = random.pick(found);
    const value = random.next() < 0.3 ? String(Number(digits) + random.pick([-1, 1])) : random.pick(texts);
    return Buffer.from(text.slice(0, index) + value + text.slice(index + digits.length), 'latin1');
  },
};

const names = Object.keys(operations);

/** A damaged copy, and what was done to it. */
export function mutate(bytes, random) {
  let out = Buffer.from(bytes);
  const done = [];
  const times = random.next() < 0.6 ? 1 : 1 + Math.floor(random.next() * 4);
  for (let i = 0; i < times && out.length > 0; i++) {
    const name = random.pick(names);
    out = Buffer.from(operations[name](out, random));
    done.push(name);
  }
  return { bytes: out, done };
}
