import { expect, test } from "vitest";
import { cellForms } from "#server/cells/index.ts";
import { fence, graphOf, notebookText } from "#server/notebook/__fixtures__/graph-of.ts";
import { cellReferences } from "#server/notebook/cell-references.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import { blockingNodes } from "./blocking-nodes.ts";

const blocked = (...cells: readonly string[]) => Object.fromEntries(blockingNodes(graphOf("", ...cells).nodes));

test("what reads a mistake, straight or through others, names the cell that has it", () => {
  expect(
    blocked(
      fence("template bad", "{{ nobody }}"),
      fence("template near", "{{ bad }}"),
      fence("template far", "{{ near }} {{ other }}"),
      fence("template other", "Hi"),
    ),
  ).toEqual({ near: ["bad"], far: ["bad"] });
});

test("two mistakes are both named, and each once", () => {
  const cells = [
    fence("template a", "{{ x }}"),
    fence("template b", "{{ y }}"),
    fence("template c", "{{ a }}{{ b }}{{ a }}"),
  ];
  expect(blocked(...cells)).toEqual({ c: ["a", "b"] });
});

test("cells that read one another, and a mistake that goes on, end nothing", () => {
  expect(blocked(fence("template a", "{{ b }}"), fence("template b", "{{ a }}"))).toEqual({ a: ["b"], b: ["a"] });
  expect(
    blocked(
      fence("template bad", "---\ncontinue_on_error: true\n---\n{{ nobody }}"),
      fence("template near", "{{ bad }}"),
    ),
  ).toEqual({});
});

test("a text that does not parse is a mistake, unless another wording of the cell does", () => {
  const named = (...cells: readonly string[]) => {
    const text = notebookText("", ...cells);
    const mistakes = parseNotebook(text, cellForms).cells.flatMap(
      (cell) => cellReferences(text, cell, { sql: () => undefined }).problems,
    );
    return Object.fromEntries(blockingNodes(graphOf("", ...cells).nodes, mistakes));
  };
  expect(named(fence("template open", "{{ name"), fence("template reader", "{{ open }}"))).toEqual({
    reader: ["open"],
  });
  expect(
    named(
      fence("template open.one", "{{ name"),
      fence("template open.two", "right"),
      fence("template reader", "{{ open }}"),
    ),
  ).toEqual({});
});
