import { describe, expect, test } from "vitest";
import { isChosen, variantLabel } from "./variant-label.ts";

describe("a variant in words", () => {
  test.each([
    [{ shots: "5", model: "small" }, "small · 5 shots"],
    [{ shots: "1" }, "1 shot"],
    [{ tone: "formal" }, "tone formal"],
    [{ temperature: "0.2" }, "temperature 0.2"],
    [{ with_examples: "true" }, "with examples"],
    [{ examples: "false", prompt: "short" }, "short · no examples"],
    [{ repeat: "3" }, "repeat 3"],
    [{}, ""],
  ])("%j", (at, words) => {
    expect(variantLabel(at)).toBe(words);
  });

  test("follows the order of the axes, and leaves out what is none", () => {
    expect(variantLabel({ triage: "8f3a", b: "x", a: "y" }, ["a", "b"])).toBe("a y · b x");
  });
});

test("the chosen variant has every label that is chosen of its axes", () => {
  const chosen = { model: "small", shots: "5" };
  expect(isChosen({ model: "small", shots: "5", repeat: "2" }, chosen)).toBe(true);
  expect(isChosen({ model: "small", shots: "0" }, chosen)).toBe(false);
  expect(isChosen({ model: "small" }, chosen)).toBe(true);
});
