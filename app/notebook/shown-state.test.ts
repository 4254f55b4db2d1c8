import { describe, expect, test } from "vitest";
import { shownState, type ShownState, type StateFields } from "./shown-state";

const error = {
  code: "x",
  message: "no key",
  cure: "Set one.",
  position: { line: 2, column: 5, offset: 9, length: 1 },
};
const waiting = { reason: "licence", subject: "local/gemma", message: "Agree to its terms." } as const;
const statuses = ["idle", "queued", "running"] as const;
const freshnesses = [
  { state: "never" },
  { state: "current" },
  { state: "stale", reasons: ["ticket"] },
  { state: "locked" },
  { state: "edited" },
] as unknown as readonly StateFields["freshness"][];
const outcomes = [null, "ok", "error", "skipped", "blocked", "cancelled", "partial"] as const;

/** Every combination of what is known of a result. */
const combinations: readonly StateFields[] = statuses.flatMap((status) =>
  [null, waiting].flatMap((on) =>
    freshnesses.flatMap((freshness) =>
      outcomes.flatMap((outcome) =>
        [false, true].map((cached) => ({
          status,
          waiting: on,
          freshness,
          outcome,
          cached,
          elapsed: 1234,
          error,
          because: ["topic"],
        })),
      ),
    ),
  ),
);

const current = { state: "current" } as StateFields["freshness"];
const never = { state: "never" } as StateFields["freshness"];
const shown = (fields: Partial<StateFields>): string => {
  const { icon, word, tone } = shownState({ status: "idle", freshness: current, outcome: "ok", ...fields });
  return `${icon} | ${word} | ${tone}`;
};

describe("what is shown of a result", () => {
  test.each<[string, Partial<StateFields>, string]>([
    ["it was never run", { freshness: never, outcome: null }, "never | never run | quiet"],
    ["it waits for its turn", { status: "queued" }, "queued | queued | busy"],
    ["it runs", { status: "running", elapsed: 1234 }, "running | running 1.2 s | busy"],
    [
      "it runs and its text comes",
      { status: "running", elapsed: 1234, tokens: 34 },
      "running | running 1.2 s · ≈ 34 tokens | busy",
    ],
    [
      "it waits for the file of its model",
      {
        status: "running",
        elapsed: 1234,
        preparation: { what: "fetching", subject: "local/tiny", done: 45e6, total: 98e6 },
      },
      "running | fetching tiny: 45 of 98 MB | busy",
    ],
    ["it runs since nobody knows when", { status: "running" }, "running | running | busy"],
    ["a licence is to be agreed to", { waiting }, "waiting | waiting for your consent to local/gemma | stale"],
    [
      "a budget is to be given",
      { waiting: { ...waiting, reason: "budget" } },
      "waiting | waiting for a budget | stale",
    ],
    ["a batch is out", { waiting: { ...waiting, reason: "batch" } }, "waiting | waiting for a batch | stale"],
    ["a person is asked", { waiting: { ...waiting, reason: "person" } }, "waiting | waiting for a person | stale"],
    ["it is current", {}, "current | current | good"],
    ["it came from the journal", { cached: true }, "cached | from cache | cache"],
    ["something it reads changed", { freshness: freshnesses[2]! }, "stale | stale: ticket | stale"],
    [
      "the list it goes over changed",
      { freshness: { state: "stale", reasons: ["rows(triage)"] } },
      "stale | stale: its list of rows | stale",
    ],
    ["it is locked", { freshness: freshnesses[3]! }, "locked | locked | quiet"],
    ["a person wrote it", { freshness: freshnesses[4]! }, "edited | edited by hand | quiet"],
    ["it failed", { outcome: "error" }, "error | error | bad"],
    ["it was skipped", { outcome: "skipped" }, "skipped | skipped | quiet"],
    ["what it reads has no value", { outcome: "blocked", because: ["a", "b"] }, "blocked | blocked by a, b | stale"],
    ["it is blocked by itself", { outcome: "blocked" }, "blocked | blocked | stale"],
    ["it was stopped half-way", { outcome: "partial" }, "partial | partial | stale"],
    ["it was stopped at once", { outcome: "cancelled" }, "cancelled | cancelled | quiet"],
  ])("where %s", (_, fields, expected) => {
    expect(shown(fields)).toBe(expected);
  });

  test("what goes on stands before what is awaited, that before how it stands, and that before what came of it", () => {
    for (const fields of combinations) {
      const { icon } = shownState(fields);
      const { status, freshness, outcome } = fields;
      if (status !== "idle") expect(icon).toBe(status);
      else if (fields.waiting !== null) expect(icon).toBe("waiting");
      else if (freshness.state === "locked" || freshness.state === "edited" || freshness.state === "stale")
        expect(icon).toBe(freshness.state);
      else if (outcome === null) expect(icon).toBe("never");
      else if (outcome === "ok") expect(icon).toBe(fields.cached ? "cached" : "current");
      else expect(icon).toBe(outcome);
    }
  });

  test("is told by shape and word in every combination, never by colour alone, and says why in a sentence", () => {
    const looks = new Map<ShownState["icon"], Set<string>>();
    for (const fields of combinations) {
      const { icon, word, tooltip, tone } = shownState(fields);
      expect(word).not.toBe("");
      expect(tooltip).toMatch(/^[A-Z].*\.$|^no key/);
      looks.set(icon, (looks.get(icon) ?? new Set()).add(`${word} ${tone}`));
    }
    // One shape has one word and one tone, whatever else is known.
    expect([...looks.values()].every((words) => words.size === 1)).toBe(true);
    expect(looks.size).toBe(14);
  });

  test("an error says where it is and what to do", () => {
    expect(shownState({ status: "idle", freshness: current, outcome: "error", error }).tooltip).toBe(
      "no key (line 2, column 5). Set one.",
    );
  });
});
