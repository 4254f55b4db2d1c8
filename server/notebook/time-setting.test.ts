import { describe, expect, test } from "vitest";
import { timeSetting } from "./time-setting.ts";

describe.each(["cache", "keep"] as const)("`%s`", (setting) => {
  test("says for how long, and nothing where it is empty or not there", () => {
    const said = [undefined, null, "never", "45s", "30m", "12h", "1d", "0m"];
    expect(said.map((value) => timeSetting(setting, value))).toEqual([
      null,
      null,
      0,
      45_000,
      1_800_000,
      43_200_000,
      86_400_000,
      0,
    ]);
  });

  test("is an error that says how to write it where it is anything else", () => {
    for (const wrong of ["1w", "m", "1.5h", "-1d", 30, true, "1 d", "1days", ""])
      expect(() => timeSetting(setting, wrong)).toThrow(
        expect.objectContaining({
          code: `cell.${setting}`,
          message: `\`${setting}: ${String(wrong)}\` is no time`,
          cure: "Write `never`, or a number with a unit: `45s`, `30m`, `12h`, `1d`.",
        }),
      );
    expect(() => timeSetting(setting, { a: [1, "b"] })).toThrow(`\`${setting}: {"a":[1,"b"]}\` is no time`);
    expect(() => timeSetting(setting, ["1d"])).toThrow(`\`${setting}: ["1d"]\` is no time`);
  });
});
