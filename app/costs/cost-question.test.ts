import { afterEach, expect, test, vi } from "vitest";
import { callsPath, callsQuestion, costQuestion, groupPath, placeText, type CostAddress } from "./cost-question.ts";

const now = new Date(2026, 10, 29, 15, 30);

afterEach(() => vi.unstubAllEnvs());

test("an address that says nothing asks for 30 days by model", () => {
  const { from, to, by, only } = costQuestion({}, now);
  expect([from, by, only]).toEqual([new Date(2026, 9, 31).getTime(), "model", {}]);
  expect(to).toBeGreaterThan(now.getTime());
});

test("today begins at midnight, and all with the first call", () => {
  expect(costQuestion({ days: "1" }, now).from).toBe(new Date(2026, 10, 29).getTime());
  expect(costQuestion({ days: "0" }, now).from).toBe(0);
});

test("a figure opens its calls: those of its time and all that is asked only of", () => {
  const address = { days: "7", by: "cell", chart: "failed", model: "openai/gpt-5", run: "r" };
  const [path, search] = callsPath(address, { kind: "failed", cell: "notebooks/a.md topic" }).split("?");
  expect(path).toBe("/costs/calls");
  const opened = Object.fromEntries(new URLSearchParams(search)) as CostAddress;
  expect(opened).toEqual({ days: "7", model: "openai/gpt-5", run: "r", kind: "failed", cell: "notebooks/a.md topic" });
  const { from, to, ahead, only } = costQuestion({ ...address, cell: "notebooks/a.md topic" }, now);
  expect(callsQuestion(opened, now)).toEqual({
    free: false,
    ...{ from, to, ahead, only },
    ...{ kind: "failed", order: "newest", after: null, limit: 50 },
  });
  expect(callsQuestion({ ...opened, kind: "free" }, now)).toEqual({ free: true, from, to, ahead, only });
});

test("a page of calls begins after a place, and with the first where the address has none that is one", () => {
  const after = (after: string) => {
    const question = callsQuestion({ after, order: "dearest" }, now);
    return question.free ? undefined : question.after;
  };
  expect(after(placeText({ value: 0.25, id: 7 }))).toEqual({ value: 0.25, id: 7 });
  expect(["", "7", "x 7", "1 -7", "1 0.5"].map(after)).toEqual([null, null, null, null, null]);
});

test("what is no period or way to put together is as if it was not said", () => {
  expect(costQuestion({ days: "x", by: "y" }, now)).toEqual(costQuestion({}, now));
});

test("a group that is looked into is asked for alone, one without a name too", () => {
  const within = (address: CostAddress, by: "model" | "notebook", name: string) =>
    Object.fromEntries(new URLSearchParams(groupPath(address, by, name).split("?")[1])) as CostAddress;
  const ofModel = within({ days: "7", chart: "calls", by: "model" }, "model", "openai/gpt-5");
  expect(ofModel).toEqual({ days: "7", chart: "calls", by: "cell", model: "openai/gpt-5" });
  expect(costQuestion(within(ofModel, "notebook", ""), now)).toMatchObject({
    only: { model: "openai/gpt-5", notebook: "" },
    by: "cell",
  });
});

test("days are those of this machine's clock as it went then: also of the days before it was put back", () => {
  vi.stubEnv("TZ", "Europe/Berlin");
  const november = new Date(2026, 10, 8, 12);
  const back = { at: Date.parse("2026-10-25T01:00Z"), ahead: 60 };
  expect(costQuestion({}, november)).toMatchObject({
    ...{ from: Date.parse("2026-10-09T22:00Z"), ahead: 120, changes: [back] },
  });
  expect(costQuestion({ days: "7" }, november)).toMatchObject({ ahead: 60 });
  expect(costQuestion({ days: "0" }, november).changes!.at(-1)).toEqual(back);
});
