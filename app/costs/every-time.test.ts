import { expect, test } from "vitest";
import { plainDay } from "./__fixtures__/plain-day.ts";
import { everyTime } from "./every-time.ts";

const day = (day: string, calls: number) => ({ ...plainDay, day, calls });

test("days on which nothing was called stand between, over the end of a month", () => {
  expect(everyTime([day("2026-02-27", 3), day("2026-03-02", 1)], "day").map(({ day, calls }) => [day, calls])).toEqual([
    ["2026-02-27", 3],
    ["2026-02-28", 0],
    ["2026-03-01", 0],
    ["2026-03-02", 1],
  ]);
  expect(everyTime([], "day")).toEqual([]);
});

test("hours on which nothing was called stand between", () => {
  const hours = [day("2026-02-27 22:00", 3), day("2026-02-27 23:00", 1)];
  expect(everyTime(hours, "hour")).toEqual(hours);
  expect(
    everyTime([day("2026-02-27 08:00", 3), day("2026-02-27 10:00", 1)], "hour").map(({ day, calls }) => [day, calls]),
  ).toEqual([
    ["2026-02-27 08:00", 3],
    ["2026-02-27 09:00", 0],
    ["2026-02-27 10:00", 1],
  ]);
});
