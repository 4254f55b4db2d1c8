import { expect, test } from "vitest";
import { harmless } from "./terminal.ts";

test("text from models and files cannot move the cursor, set a title or turn the direction of writing", () => {
  expect(harmless("\u001b]0;owned\u0007\u001b[31mred\rSPOOF\b \u202eabc\u009b2J")).toBe(
    "�]0;owned��[31mred�SPOOF� �abc�2J",
  );
});

test("lines, tabs and letters of any script stay", () => {
  expect(harmless("a\tb\nÄ 漢 ✓ 👩‍👧")).toBe("a\tb\nÄ 漢 ✓ 👩‍👧");
});
