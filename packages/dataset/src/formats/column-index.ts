import type { FileColumn } from './format.js';

const known = new WeakMap<readonly FileColumn[], Map<string, number>>();

/** Place of a column in a file; looked up once a column list, so that thousands of columns cost no more than few. */
export function columnIndex(columns: readonly FileColumn[], name: string): number {
  let places = known.get(columns);
  if (places === undefined) {
    places = new Map();
    for (let at = columns.length - 1; at >= 0; at--) places.set(columns[at].name, at);
    known.set(columns, places);
  }
  const place = places.get(name);
  if (place === undefined) throw new Error(`no column ${name} in the file`);
  return place;
}
