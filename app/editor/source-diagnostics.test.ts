import { describe, expect, test } from "vitest";
import { cellForms } from "#server/cells/index.ts";
import { cellReferences } from "#server/notebook/cell-references.ts";
import { cellsOf } from "#server/notebook/cells-of.ts";
import { editableLine, editableSource } from "#server/notebook/editable-source.ts";
import { indentationOf } from "#server/notebook/file-position.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import type { Diagnostic } from "#server/notebook/notebook.ts";
import { sourceDiagnostics, sourcePlace } from "./source-diagnostics.ts";

/** A cell as the page gets it, from the text of a notebook. */
function cellOf(text: string, name: string) {
  const { cell } = cellsOf(parseNotebook(text, cellForms)).find((placed) => placed.path === name)!;
  const { references } = cellReferences(text, cell, { sql: () => undefined });
  return {
    source: editableSource(text, cell),
    sourceLine: editableLine(text, cell),
    indentation: indentationOf(text, cell),
    references,
  };
}

const notebook = `---
sheaf: 1
---

\`\`\`prompt topic
---
model: =small
---
Hello
{{ message }} and {{ other.text }}
\`\`\`

   \`\`\`retrieve examples
   from: known
   query: =question
   \`\`\`
`;

describe("what is wrong in a cell", () => {
  test.each(["topic", "examples"])(
    "in %s is at its place in the text, wherever the cell stands in the file",
    (name) => {
      const cell = cellOf(notebook, name);
      const places = cell.references.map(({ position }) => sourcePlace(cell, position));
      expect(places.map((place) => place && cell.source.slice(place.from, place.to))).toEqual(
        name === "topic" ? [null, "message", "other"] : ["question", "known"],
      );
    },
  );

  test("is shown once, and errors of the configuration are not shown in the text", () => {
    const cell = cellOf(notebook, "topic");
    const [small, message] = cell.references;
    const diagnostic = (position: typeof small): Diagnostic => ({
      severity: "error",
      code: "graph.unknown-name",
      message: "there is no input or cell",
      position: position!.position,
    });
    const found = sourceDiagnostics(
      { ...cell, diagnostics: [diagnostic(small), diagnostic(message)] },
      { ...diagnostic(message) },
    );
    expect(found.map(({ from, to }) => cell.source.slice(from, to))).toEqual(["message"]);
  });

  test("without a length is shown at a character", () => {
    const cell = { source: "ab\n\nc", sourceLine: 10, indentation: 0 };
    const at = (line: number, column: number) => sourcePlace(cell, { line, column, offset: 0, length: 0 });
    expect(at(10, 1)).toEqual({ from: 0, to: 1 });
    expect(at(10, 3)).toEqual({ from: 1, to: 2 });
    expect(at(11, 1)).toEqual({ from: 3, to: 3 });
    expect(at(13, 1)).toBeNull();
  });
});
