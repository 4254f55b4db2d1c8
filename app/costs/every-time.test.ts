import { expect, test } from "vitest";
import { plainDay } from "./__fixtures__/plain-day.ts";
import { everyDay } from "./every-day.ts";

const day = (day: string, calls: number) => ({ ...plainDay, day, calls });

test("days on which nothing was called stand between, over the end of a month", () => {
  expect(everyDay([day("2026-02-27", 3), day("2026-03-02", 1)]).map(({ day, calls }) => [day, calls])).toEqual([
    ["2026-02-27", 3],
    ["2026-02-28", 0],
    ["2026-03-01", 0],
    ["2026-03-02", 1],
  ]);
  expect(everyDay([])).toEqual([]);
});
