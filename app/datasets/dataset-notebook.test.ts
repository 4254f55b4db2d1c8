import { describe, expect, test } from "vitest";
import { parseNotebook } from "#server/notebook/format.ts";
import type { Column } from "#server/notebook/value.ts";
import { datasetNotebook } from "./dataset-notebook";

const column = (name: string, type: Column["type"] = "string"): Column => ({ name, type, sql: "VARCHAR" });

describe("the notebook of a dataset", () => {
  test("asks about the longest text of a row, with the first one as its example", () => {
    const { title, text } = datasetNotebook({
      path: "support/tickets.csv",
      columns: [column("id", "number"), column("topic"), column("message")],
      rows: [
        [1, "card", 'She said "no",\nand left: 漢字'],
        [2, "money", "Where is it?"],
      ],
    });
    const { front, cells, diagnostics } = parseNotebook(text);
    expect({ title, diagnostics, inputs: front.inputs, names: cells.map(({ name }) => name) }).toMatchObject({
      title: "tickets",
      diagnostics: [],
      inputs: [{ name: "message", default: 'She said "no",\nand left: 漢字' }],
      names: ["records", "answer", "answers"],
    });
    expect(text).toContain("from 'support/tickets.csv'");
    expect(text).toContain("with: { message: =row.message }");
  });

  test.each([
    ["two words", '"=row[\\"two words\\"]"'],
    ["select", "=row.select"],
    ["Answer", "=row.Answer"],
  ])("takes an input `text` for a column %s, whose name no input can have", (name, value) => {
    const { text } = datasetNotebook({ path: "a.csv", columns: [column(name)], rows: [["x"]] });
    expect(parseNotebook(text).diagnostics).toEqual([]);
    expect(text).toContain(`with: { text: ${value} }`);
  });

  test("is there for a file without text and without rows", () => {
    const { text } = datasetNotebook({ path: "a.csv", columns: [column("n", "number")], rows: [] });
    expect(text).toContain('n: { type: string, default: "" }');
  });
});
