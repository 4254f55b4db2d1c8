import fc from "fast-check";
import { expect, test } from "vitest";
import { editableProse } from "./editable-prose.ts";

test("prose is edited without the white space around it", () => {
  expect(editableProse("\r\n# Hi\r\nyou\r\n\r\n")).toEqual({ text: "# Hi\nyou", around: ["\n", "\n\n"] });
  expect(editableProse("Hi")).toEqual({ text: "Hi", around: ["", "\n"] });
  expect(editableProse("\n\n")).toEqual({ text: "", around: ["\n\n", "\n"] });
});

test("what is put between it is what is edited next", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (segment, typed) => {
      const [before, after] = editableProse(segment).around;
      const { text } = editableProse(typed);
      expect(editableProse(`${before}${text}${after}`).text).toBe(text);
    }),
  );
});
