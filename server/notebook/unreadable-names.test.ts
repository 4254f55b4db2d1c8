import { expect, test } from "vitest";
import { fence, notebookText } from "./__fixtures__/graph-of.ts";
import { parseNotebook } from "./format.ts";
import { unreadableNames } from "./unreadable-names.ts";

const warned = (...cells: readonly string[]): readonly string[] =>
  unreadableNames(parseNotebook(notebookText("", ...cells))).map(
    ({ severity, cell, message, position }) => `${severity} ${cell} ${position.line} ${message}`,
  );

test("a cell whose name is JavaScript's own is warned of where code has the word", () => {
  const j = fence("js j", "return Map + topic");
  expect(warned(fence("template Map", "a"), fence("template topic", "b"), j)).toEqual([
    "warning Map 5 `Map` is JavaScript's own in the code of `j`, which cannot read this by its name",
  ]);
  for (const name of ["class", "this", "await", "enum", "undefined"])
    expect(warned(fence(`template ${name}`, "a"), fence("js j", `return ${name}`)), name).toHaveLength(1);
});

test("it is not where no code has it", () => {
  expect(warned(fence("template Map", "a"), fence("template b", "{{ Map }}"), fence("js j", "return Maps"))).toEqual(
    [],
  );
  expect(warned(fence("template Map", "a"))).toEqual([]);
});
