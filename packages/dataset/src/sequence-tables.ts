import { headerColumn, type NpyHeader } from './formats/npy-header.js';
import { alignSequences } from './formats/sequences.js';
import type { TableFile } from './table-data.js';

/**
 * The .npy files of several columns, each described alone: where one has three dimensions [N, T, C], those of [N, T] hold a value a row.
 * @throws DataError UNSUPPORTED
 */
export function alignTables(tables: readonly TableFile[][]): TableFile[][] {
  const headers = tables.map((files) => files.map(({ layout }) => layout as NpyHeader));
  const aligned = alignSequences(
    headers,
    tables.map(([first]) => first.uri),
  );
  return tables.map((files, table) => {
    let start = 0;
    return files.map((file, index) => {
      const header = aligned[table][index];
      const columns = header === headers[table][index] ? file.columns : [headerColumn(file.columns[0].name, header)];
      const placed = { ...file, columns, rows: header.rows, layout: header, start };
      start += header.rows;
      return placed;
    });
  });
}
