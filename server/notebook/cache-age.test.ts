import { expect, test } from "vitest";
import { cacheAge } from "./cache-age.ts";

test("an answer may be of any age unless the cell says how old", () => {
  expect([undefined, null, "never", "45s", "30m", "12h", "1d", "0m"].map(cacheAge)).toEqual([
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    0,
    45_000,
    1_800_000,
    43_200_000,
    86_400_000,
    0,
  ]);
});

test("anything else is an error that says how to write it", () => {
  for (const wrong of ["1w", "m", "1.5h", "-1d", 30, true, "1 d", "1days", ""])
    expect(() => cacheAge(wrong)).toThrow(
      expect.objectContaining({
        code: "cell.cache",
        message: `\`cache: ${String(wrong)}\` is no age`,
        cure: "Write `never`, or a number with a unit: `45s`, `30m`, `12h`, `1d`.",
      }),
    );
});
