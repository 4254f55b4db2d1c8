import { expect, test } from "vitest";
import { duration, progressWords } from "./progress-words";

const none = {
  total: null,
  done: 0,
  reused: 0,
  cached: 0,
  failed: 0,
  blocked: 0,
  waiting: 0,
  stopped: 0,
  since: null,
  preparation: null,
};
const words = (more: Partial<typeof none> | object, now = 0): string => {
  const { count, waits, rate, left, part } = progressWords({ ...none, ...more }, now);
  return [count, ...(waits === "" ? [] : [waits]), rate, left, part].join(" | ");
};

test.each<[string, object, number, string]>([
  ["nothing yet", {}, 0, " |  |  | "],
  ["one result", { total: 1, since: 0 }, 500, " |  |  | 0"],
  ["some of many", { total: 40, done: 10, failed: 2, since: 0 }, 4_000, "12 of 40 | 3.0/s | 9 s left | 0.3"],
  [
    "what was settled before is no work of now",
    { total: 1_000, reused: 900, done: 50, since: 0 },
    2_000,
    "950 of 1,000 | 25/s | 2 s left | 0.95",
  ],
  ["too early for a rate", { total: 40, done: 1, since: 0 }, 900, "1 of 40 |  |  | 0.025"],
  ["all done", { total: 4, done: 4, since: 0 }, 2_000, "4 of 4 | 2.0/s |  | 1"],
  [
    "what waits is not done, and does not come while the run goes on",
    { total: 800, done: 2, failed: 1, waiting: 398, since: 0 },
    3_000,
    "3 of 800 | 398 waiting | 1.0/s | 7 min left | 0.00375",
  ],
  [
    "nothing is left but what waits",
    { total: 4, done: 1, waiting: 3, since: 0 },
    2_000,
    "1 of 4 | 3 waiting | 0.5/s |  | 0.25",
  ],
  ["no total", { done: 7, since: 0 }, 2_000, "7 |  |  | "],
])("%s", (_, progress, now, expected) => {
  expect(words(progress, now)).toBe(expected);
});

test("times are said as people say them", () => {
  expect([0.2, 59, 89, 240, 7_200].map(duration)).toEqual(["1 s", "59 s", "89 s", "4 min", "2 h"]);
});
