import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyOperation } from "./apply-operation.ts";
import { cellsNamed, cellsOf } from "./cells-of.ts";
import { editableLine, editableSource } from "./editable-source.ts";
import { parseNotebook } from "./format.ts";
import { notebooks } from "./test-notebooks.ts";

const text = `---
sheaf: 1
---

  \`\`\`retrieve examples
  from: known
    k: 5 # five

  query: =message
  \`\`\`

\`\`\`prompt topic
---
model: small
---
Hello
\`\`\`
`;

function editable(name: string): { readonly source: string; readonly line: number } {
  const { cell } = cellsNamed(parseNotebook(text), name)[0]!;
  return { source: editableSource(text, cell), line: editableLine(text, cell) };
}

describe("what is edited as the text of a cell", () => {
  test("is its source, and where its kind has no body its configuration as it is written", () => {
    expect(editable("topic")).toEqual({ source: "Hello", line: 16 });
    expect(editable("examples")).toEqual({ source: "from: known\n  k: 5 # five\n\nquery: =message", line: 6 });
  });

  test("put back as it is changes no byte, in any notebook", () => {
    fc.assert(
      fc.property(notebooks, ({ text: any }) => {
        const notebook = parseNotebook(any);
        for (const { cell, path } of cellsOf(notebook)) {
          if (cellsNamed(notebook, path).length !== 1) continue;
          const source = editableSource(any, cell);
          expect(applyOperation(any, { type: "set-source", cell: path, source }).text).toBe(any);
        }
      }),
    );
  });

  test("is what was given, once it was set", () => {
    const source = "from: other\n\n# a comment\nk: 3";
    const { text: after } = applyOperation(text, { type: "set-source", cell: "examples", source });
    const { cell } = cellsNamed(parseNotebook(after), "examples")[0]!;
    expect(editableSource(after, cell)).toBe(source);
  });
});
