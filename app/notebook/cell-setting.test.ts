import { expect, test } from "vitest";
import { cellSetting } from "./cell-setting.ts";

test("a setting of a cell is what its expression came to, and else as it is written", () => {
  const cell = {
    configuration: { hidden: "=not shown", title: "=name", when: "=n > 1" },
    early: { hidden: false, title: null },
  };
  expect(["hidden", "title", "when", "run"].map((key) => cellSetting(cell, key))).toEqual([
    false,
    null,
    "=n > 1",
    undefined,
  ]);
  expect(cellSetting({ configuration: { hidden: true } }, "hidden")).toBe(true);
});
