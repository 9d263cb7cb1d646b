import type { JsonObject } from '../../src/core/index.ts';

/** One value of a sample row, by the Postgres type that it goes into: lists are arrays, objects are JSON. */
export type Cell = string | number | boolean | null | readonly (string | number)[] | JsonObject;

/** The rows of one table of a sample database. */
export interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** One row in COPY's text format (PostgreSQL manual, COPY, Text Format). */
export function copyLine(cells: readonly Cell[]): string {
  return `${cells.map(copyCell).join('\t')}\n`;
}

function copyCell(cell: Cell): string {
  if (cell === null) return '\\N';
  if (typeof cell === 'boolean') return cell ? 't' : 'f';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'string') return escaped(cell);
  return escaped(isList(cell) ? arrayLiteral(cell) : JSON.stringify(cell));
}

function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

function isList(cell: readonly (string | number)[] | JsonObject): cell is readonly (string | number)[] {
  return Array.isArray(cell);
}

function arrayLiteral(elements: readonly (string | number)[]): string {
  return `{${elements.map((one) => (typeof one === 'number' ? one : quoted(one))).join(',')}}`;
}

function quoted(element: string): string {
  return `"${element.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
