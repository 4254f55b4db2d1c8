import { afterEach, expect, test, vi } from "vitest";
import { clockOf } from "./clock-of.ts";

afterEach(() => vi.unstubAllEnvs());

test.each([
  ["Europe/Berlin", 60, ["2026-03-29T01:00Z", 120, "2026-10-25T01:00Z", 60]],
  ["America/New_York", -300, ["2026-03-08T07:00Z", -240, "2026-11-01T06:00Z", -300]],
  ["Australia/Lord_Howe", 660, ["2026-04-04T15:00Z", 630, "2026-10-03T15:30Z", 660]],
] as const)("the clock of %s changes twice a year", (zone, ahead, [spring, summer, autumn, winter]) => {
  vi.stubEnv("TZ", zone);
  expect(clockOf(Date.UTC(2026, 0, 10), Date.UTC(2026, 11, 31))).toEqual({
    ahead,
    changes: [
      { at: Date.parse(spring), ahead: summer },
      { at: Date.parse(autumn), ahead: winter },
    ],
  });
});

test("a clock that does not change is one number, also where it changed just before", () => {
  vi.stubEnv("TZ", "Europe/Berlin");
  expect(clockOf(Date.parse("2026-03-29T01:00Z"), Date.UTC(2026, 4))).toEqual({ ahead: 120 });
  vi.stubEnv("TZ", "Asia/Kolkata");
  expect(clockOf(Date.UTC(2026, 0), Date.UTC(2026, 11))).toEqual({ ahead: 330 });
});
