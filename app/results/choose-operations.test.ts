import { expect, test } from "vitest";
import { chooseOperations } from "./choose-operations.ts";

test("a variant is chosen by the label of each of its axes, written as in the file", () => {
  expect(
    chooseOperations({ model: "small", shots: "5", strict: "true", version: "1.0", sum: "=1", repeat: "2" }),
  ).toEqual([
    { type: "set-front-matter", path: ["choose", "model"], value: "small" },
    { type: "set-front-matter", path: ["choose", "shots"], value: 5 },
    { type: "set-front-matter", path: ["choose", "strict"], value: true },
    { type: "set-front-matter", path: ["choose", "version"], value: "1.0" },
    { type: "set-front-matter", path: ["choose", "sum"], value: "\\=1" },
  ]);
});
