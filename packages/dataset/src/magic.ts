/** What a file's first bytes look like, in words for a message; null if nothing is recognised (most text files). */
export function looksLike(head: Uint8Array): string | null {
  for (const [signature, name] of signatures) {
    if (signature.every((byte, at) => head[at] === byte)) return name;
  }
  return null;
}

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));

const signatures: [number[], string][] = [
  [[0x93, ...ascii('NUMPY')], 'a NumPy .npy file'],
  [ascii('PK\x03\x04'), 'a zip archive (such as .npz)'],
  [ascii('PK\x05\x06'), 'an empty zip archive'],
  [ascii('PAR1'), 'a Parquet file'],
  [ascii('PARE'), 'an encrypted Parquet file'],
  [ascii('ARROW1'), 'an Arrow IPC file'],
  [ascii('FEA1'), 'a Feather version 1 file'],
  [[0xff, 0xff, 0xff, 0xff], 'an Arrow IPC stream'],
  [[0x1f, 0x8b], 'a gzip file'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a Zstandard file'],
  [ascii('BZh'), 'a bzip2 file'],
  [[0xfd, ...ascii('7zXZ')], 'an xz file'],
  [[0x89, ...ascii('HDF')], 'an HDF5 file'],
  [ascii('SQLite format 3'), 'an SQLite database'],
  [[0x80, 0x02], 'a Python pickle'],
  [[0x80, 0x03], 'a Python pickle'],
  [[0x80, 0x04], 'a Python pickle'],
  [[0x80, 0x05], 'a Python pickle'],
  [[0xff, 0xfe], 'UTF-16 text'],
  [[0xfe, 0xff], 'UTF-16 text'],
];
