import { describe, expect, test } from "vitest";
import { largestUpload, refusal } from "./upload.ts";

describe("a file that is chosen as a dataset", () => {
  test.each([
    ["messages.csv", largestUpload, null],
    ["MESSAGES.PARQUET", 10, null],
    ["messages.csv", largestUpload + 1, "dataset.too-large"],
    ["notes.md", 10, "dataset.path"],
    ["empty.jsonl", 0, "dataset.empty"],
  ])("%s of %d bytes is refused with %s before anything is sent", (name, size, code) =>
    expect(refusal({ name, size })?.code ?? null).toBe(code),
  );
});
