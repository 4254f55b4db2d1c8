import { expect, test } from "vitest";
import { longRun, newlyUnseen, windowTitle, type TitleFacts } from "./page-title";

const run = (id: string, more: Partial<TitleFacts["runs"][number]> = {}): TitleFacts["runs"][number] => ({
  id,
  automatic: false,
  startedAt: 0,
  endedAt: longRun,
  outcome: "done",
  confirm: null,
  ...more,
});
const title = (runs: TitleFacts["runs"], unseen: readonly string[] = []): string =>
  windowTitle({ title: "Triage", runs, unseen });

test("the window's title says first what asks, then what runs, then what ended unseen", () => {
  const open = run("a", { endedAt: null, outcome: null });
  expect(title([])).toBe("Triage — Sheaf");
  expect(title([open])).toBe("▸ Triage — Sheaf");
  expect(title([open, run("b", { outcome: null, confirm: {} as never })])).toBe("? Triage — Sheaf");
  expect(title([run("a"), run("b")])).toBe("Triage — Sheaf");
  expect(title([run("a")], ["a"])).toBe("✓ Triage — Sheaf");
  expect(title([run("a", { outcome: "failed" })], ["a"])).toBe("! Triage — Sheaf");
  expect(title([run("a", { automatic: true, outcome: null })])).toBe("Triage — Sheaf");
});

test("only long runs that were asked for and ended while nobody looked are told of, each once", () => {
  const runs = [
    run("short", { startedAt: longRun - 10, endedAt: longRun }),
    run("by itself", { automatic: true }),
    run("before", { startedAt: -longRun, endedAt: 10 }),
    run("open", { endedAt: null, outcome: null }),
    run("told"),
    run("new"),
  ];
  expect(newlyUnseen(runs, new Set(["told"]), 100)).toEqual(["new"]);
});
