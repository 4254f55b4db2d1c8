import { expect, test } from "vitest";
import { editedValue } from "./edited-value.ts";

test("what is written in the place of a value has its type", () => {
  expect(editedValue({ type: "string", value: "x" }, "12")).toEqual({ type: "string", value: "12" });
  expect(editedValue({ type: "number", value: 1 }, " 12.5 ")).toEqual({ type: "number", value: 12.5 });
  expect(editedValue({ type: "boolean", value: true }, "false")).toEqual({ type: "boolean", value: false });
  expect(editedValue({ type: "json", value: {} }, '{"a":1}')).toEqual({ type: "json", value: { a: 1 } });
  expect(editedValue(null, "text")).toEqual({ type: "string", value: "text" });
});

test("what is none of it is refused", () => {
  expect(editedValue({ type: "number", value: 1 }, "")).toBeNull();
  expect(editedValue({ type: "number", value: 1 }, "many")).toBeNull();
  expect(editedValue({ type: "number", value: 1 }, "9007199254740993")).toBeNull();
  expect(editedValue({ type: "json", value: {} }, '{"id":12345678901234567890}')).toBeNull();
  expect(editedValue({ type: "boolean", value: true }, "yes")).toBeNull();
  expect(editedValue({ type: "json", value: {} }, "{")).toBeNull();
  expect(editedValue({ type: "table", value: { columns: [], rowCount: 0, hash: "" } }, "a")).toBeNull();
});
