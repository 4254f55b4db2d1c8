import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { callsTable } from "./calls-table.ts";

test("every column of the calls is documented as it is", () => {
  const docs = readFileSync(new URL("../../docs/tables.md", import.meta.url), "utf8");
  const lines = callsTable.columns.map(({ name, sql, about }) => `| \`${name}\` | \`${sql}\` | ${about} |`);
  expect(lines.filter((line) => !docs.includes(`\n${line}\n`))).toEqual([]);
});
