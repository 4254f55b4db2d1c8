import { describe, expect, test } from "vitest";
import { agoText, bytesText, countText, durationText } from "./words.ts";

const now = Date.UTC(2026, 10, 29, 12);

describe("words for amounts", () => {
  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [12_345, "12 kB"],
    [999_600, "1.0 MB"],
    [98_362_432, "98.4 MB"],
    [2 * 1024 ** 3, "2.1 GB"],
  ])("%d bytes are %s", (bytes, text) => expect(bytesText(bytes)).toBe(text));

  test.each([
    [41.4, "41 ms"],
    [2_400, "2.4 s"],
    [185_000, "3 min 5 s"],
    [7_260_000, "2 h 1 min"],
  ])("%d milliseconds last %s", (milliseconds, text) => expect(durationText(milliseconds)).toBe(text));

  test.each([
    [0, "just now"],
    [5 * 60_000, "5 min ago"],
    [3 * 3_600_000, "3 h ago"],
    [30 * 3_600_000, "yesterday"],
    [4 * 86_400_000, "4 days ago"],
    [10 * 86_400_000, "19 Nov 2026"],
  ])("%d milliseconds before now is %s", (before, text) => expect(agoText(now - before, now)).toBe(text));

  test("one of a thing is not many", () => {
    expect(countText(1, "row")).toBe("1 row");
    expect(countText(1004, "row")).toBe("1,004 rows");
  });
});
