import { hashOf } from "#server/notebook/hash.ts";
import type { Datum, Table } from "#server/notebook/value.ts";
import type { ReadRows } from "../column-texts.ts";

/** A table of the one column `text`, all its rows in the handle. */
export function tableOf(texts: readonly Datum[]): Table {
  return {
    columns: [
      { name: "id", type: "number", sql: "BIGINT" },
      { name: "text", type: "string", sql: "VARCHAR" },
    ],
    rowCount: texts.length,
    hash: hashOf(texts),
    rows: texts.map((text, index) => [index, text]),
  };
}

export const readRows: ReadRows = async (table, offset, limit) => table.rows!.slice(offset, offset + limit);
