import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyOperation } from "./apply-operation.ts";
import { cellsNamed, cellsOf } from "./cells-of.ts";
import { editableConfiguration, editableLine, editableSource } from "./editable-source.ts";
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

  test("of a cell's settings is what stands between its lines, and put back changes no byte", () => {
    fc.assert(
      fc.property(notebooks, ({ text: any }) => {
        for (const { cell, path } of cellsOf(parseNotebook(any))) {
          const before = editableConfiguration(any, cell);
          if (before === null || cellsNamed(parseNotebook(any), path).length !== 1) continue;
          expect(applyOperation(any, { type: "set-configuration-text", cell: path, text: before }).text).toBe(any);
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

describe("the settings of a cell as they are written", () => {
  const settingsOf = (file: string, name: string): string | null =>
    editableConfiguration(file, cellsNamed(parseNotebook(file), name)[0]!.cell);
  const set = (file: string, cell: string, settings: string): string =>
    applyOperation(file, { type: "set-configuration-text", cell, text: settings }).text;

  test("are those between its lines, with its comments, and none where its text has them", () => {
    expect(settingsOf(text, "topic")).toBe("model: small");
    expect(settingsOf(text, "examples")).toBeNull();
  });

  test("take their lines with them when they go, and bring them when they come", () => {
    const without = set(text, "topic", " \n".trim());
    expect(without).toBe(text.replace("---\nmodel: small\n---\n", ""));
    expect(set(without, "topic", "model: small")).toBe(text);
    expect(settingsOf(set(text, "topic", "model: big # why\n\ntemperature: 0\n"), "topic")).toBe(
      "model: big # why\n\ntemperature: 0",
    );
  });

  test("of an indented cell keep its indentation", () => {
    const inside = "---\nsheaf: 1\n---\n\n  ```prompt a\n  ---\n  model: x\n  ---\n  Hi\n  ```\n";
    expect(set(inside, "a", "model: y\nseed: 1")).toBe(inside.replace("model: x", "model: y\n  seed: 1"));
  });

  test("cannot have the line that ends them", () => {
    expect(() => set(text, "topic", "a: 1\n---\nb: 2")).toThrow(expect.objectContaining({ code: "operation.matter" }));
  });
});
