import { expect, test } from "vitest";
import { restoreOperations } from "./restore-operations.ts";

const now = { source: "new", configuration: { model: "big", temperature: 0, schema: { enum: ["a"] } } };

test("restoring sets what differs, takes away what was not there, and leaves the rest alone", () => {
  const then = { source: "old", configuration: { model: "small", schema: { enum: ["a"] }, k: 3 } };
  expect(restoreOperations("topic", now, then)).toEqual([
    { type: "set-configuration", cell: "topic", path: ["model"], value: "small" },
    { type: "set-configuration", cell: "topic", path: ["k"], value: 3 },
    { type: "set-configuration", cell: "topic", path: ["temperature"], value: undefined },
    { type: "set-source", cell: "topic", source: "old" },
  ]);
});

test("restoring the same text does nothing", () => {
  expect(restoreOperations("topic", now, now)).toEqual([]);
});
