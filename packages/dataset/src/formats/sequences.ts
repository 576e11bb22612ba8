import { DataError } from '../errors.js';
import type { NpyHeader } from './npy-header.js';

/** Some entries of a leading axis that have equally many rows each. */
interface Run {
  steps: number;
  count: number;
}

/** The leading axis of arrays one after the other: entries and their rows, adjacent equal ones as one run. */
function runsOf(entries: readonly Run[]): Run[] {
  const runs: Run[] = [];
  for (const { steps, count } of entries) {
    const last = runs.at(-1);
    if (last?.steps === steps) last.count += count;
    else if (count > 0) runs.push({ steps, count });
  }
  return runs;
}

const entriesOf = ({ rows, steps = 0 }: NpyHeader): Run => ({ steps, count: steps === 0 ? 0 : rows / steps });

/**
 * Columns, each of one or more arrays that are chained by rows. Where one has three dimensions [N, T, C], and so N x T rows, one of two
 * dimensions [N, T] holds a value a row, not T values in each of N rows. Other columns stay as they are.
 * @param titles what to call the arrays of each column in messages
 * @throws DataError UNSUPPORTED for such an array that is column-major
 */
export function alignSequences(columns: readonly NpyHeader[][], titles: readonly string[]): NpyHeader[][] {
  const sequences = columns.find((headers) => headers.length > 0 && headers.every(({ steps }) => steps !== undefined));
  if (!sequences) return columns.map((headers) => [...headers]);
  const wanted = JSON.stringify(runsOf(sequences.map(entriesOf)));
  return columns.map((headers, index) => {
    if (!headers.every(({ width, steps }) => width !== null && steps === undefined)) return [...headers];
    const own = headers.map(({ rows, width }) => ({ steps: width ?? 1, count: rows }));
    if (JSON.stringify(runsOf(own)) !== wanted) return [...headers];
    return headers.map((header) => flattened(header, titles[index]));
  });
}

function flattened(header: NpyHeader, title: string): NpyHeader {
  const { rows, width, fortran } = header;
  if (fortran)
    throw new DataError(
      'UNSUPPORTED',
      `${title} is column-major, but its ${rows} x ${width} values are one a row, in the order of an array of three dimensions. Save it row-major, for example with numpy.ascontiguousarray.`,
      { source: title },
    );
  return { ...header, rows: rows * (width ?? 1), width: null, steps: width ?? 1 };
}
