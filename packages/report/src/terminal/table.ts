import type { Style } from './style.js';
import { padEnd, padStart, truncate, widthOf } from './text.js';

/** A column of plain, unpainted cells: padding needs their real width, colour comes last. */
export interface TableColumn {
  header: string;
  align: 'left' | 'right';
  cells: string[];
  paint?: (text: string, row: number) => string;
}

const indent = '  ';
const gap = '   ';

function columnWidth(column: TableColumn): number {
  return Math.max(widthOf(column.header), ...column.cells.map(widthOf));
}

/** Columns a table of these columns takes on the terminal, its indentation included. */
export function tableWidth(columns: readonly TableColumn[]): number {
  return (
    indent.length + columns.reduce((sum, column) => sum + columnWidth(column), 0) + gap.length * (columns.length - 1)
  );
}

/** The header line and one line a row. */
export function tableLines(columns: readonly TableColumn[], style: Style): string[] {
  const widths = columns.map(columnWidth);
  const place = (text: string, i: number): string =>
    columns[i].align === 'right' ? padStart(text, widths[i]) : padEnd(text, widths[i]);
  const line = (cells: string[]): string => (indent + cells.join(gap)).trimEnd();
  // Blanks at the end are cut while the text is still plain: an escape behind them would keep them.
  const last = columns.length - 1;
  const cellText = (text: string, i: number): string => (i === last ? place(text, i).trimEnd() : place(text, i));
  const header = style.faint(line(columns.map((column, i) => cellText(column.header, i))).slice(indent.length));
  const rows = Array.from({ length: columns[0]?.cells.length ?? 0 }, (_, row) =>
    line(
      columns.map((column, i) => {
        const text = cellText(column.cells[row], i);
        return column.paint ? column.paint(text, row) : text;
      }),
    ),
  );
  return [indent + header, ...rows];
}

/** Cuts the cells of a column to `width`. */
export function narrowed(column: TableColumn, width: number, style: Style): TableColumn {
  return { ...column, cells: column.cells.map((cell) => truncate(cell, width, style.glyphs.ellipsis)) };
}
