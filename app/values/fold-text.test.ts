import { describe, expect, test } from "vitest";
import { foldText } from "./fold-text.ts";

const limits = { lines: 3, characters: 100 };

describe("folding a text", () => {
  test("leaves a short one whole", () => {
    expect(foldText("It is late.", limits)).toBeNull();
  });

  test("leaves one whole of which a few characters would be hidden", () => {
    expect(foldText("x".repeat(130), limits)).toBeNull();
  });

  test("cuts a long one at a word", () => {
    const text = "words and ".repeat(40);
    const folded = foldText(text, limits)!;
    expect(folded.length).toBeLessThanOrEqual(100);
    expect(folded).toMatch(/(words|and)$/);
    expect(text.startsWith(folded)).toBe(true);
  });

  test("cuts after so many lines", () => {
    expect(foldText("1\n2\n3\n4\n5", limits)).toBe("1\n2\n3");
  });

  test("never cuts a character in two", () => {
    const folded = foldText("🙂".repeat(200), { lines: 3, characters: 101 })!;
    expect(folded).toBe("🙂".repeat(50));
  });
});
