import { expect, test } from "vitest";
import { costQuestion, within } from "./cost-question.ts";

const now = new Date(2026, 10, 29, 15, 30);

test("an address that says nothing asks for 30 days by model", () => {
  const { from, to, by, only } = costQuestion({}, now);
  expect([from, by, only]).toEqual([new Date(2026, 9, 31).getTime(), "model", {}]);
  expect(to).toBeGreaterThan(now.getTime());
});

test("today begins at midnight, and all with the first call", () => {
  expect(costQuestion({ days: "1" }, now).from).toBe(new Date(2026, 10, 29).getTime());
  expect(costQuestion({ days: "0" }, now).from).toBe(0);
});

test("what is no period or way to put together is as if it was not said", () => {
  expect(costQuestion({ days: "x", by: "y" }, now)).toEqual(costQuestion({}, now));
});

test("a group that is looked into is asked for alone", () => {
  expect(costQuestion({ ...within("model", "openai/gpt-5") }, now)).toMatchObject({
    only: { model: "openai/gpt-5" },
    by: "cell",
  });
});
