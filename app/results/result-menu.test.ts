import { expect, test } from "vitest";
import type { ResultView } from "#server/workbench/view.ts";
import { resultMenu } from "./result-menu.ts";

const result = {
  at: { model: "small" },
  value: { type: "string", value: "x" },
  freshness: { state: "current" },
} as const;

function lines(more: Partial<ResultView> = {}, isChosen = false): string[] {
  return resultMenu({ ...result, ...more }, isChosen).map((entry) =>
    entry.type === "item" ? `${entry.disabled == null ? "" : "- "}${entry.value}` : entry.type,
  );
}

test("a variant can be chosen, locked, edited and commented on", () => {
  expect(lines()).toEqual(["choose", "lock", "edit", "comment"]);
});

test("what is chosen is not chosen again, and what is no variant never", () => {
  expect(lines({}, true)[0]).toBe("- choose");
  expect(lines({ at: { repeat: "2" } })).toEqual(["lock", "edit", "comment"]);
});

test("a locked value is unlocked before it is edited, an edit can be taken back, and nothing is locked where nothing is", () => {
  expect(lines({ freshness: { state: "locked" } })).toEqual(["choose", "unlock", "- edit", "comment"]);
  expect(lines({ freshness: { state: "edited" } })).toEqual(["choose", "lock", "edit", "restore", "comment"]);
  expect(lines({ value: null, freshness: { state: "never" } })).toEqual(["choose", "- lock", "edit", "comment"]);
});
