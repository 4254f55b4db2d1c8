import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noProgress } from "#server/runner/progress.ts";
import type { RunNews } from "#server/runner/run-event.ts";
import type { Session } from "#server/runner/session.ts";
import { showRun } from "./show-run.ts";
import type { Terminal } from "./terminal.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** What tells a run's news, and what was written of them. */
function showing(isInteractive: boolean) {
  const lines: string[] = [];
  const status: string[] = [];
  const error = (text: string): void => void lines.push(text);
  const terminal = { isInteractive, error, status: (text: string) => void status.push(text) } as Terminal;
  const show = showRun(terminal, "a.md", { diagnostics: [] as Session["diagnostics"] } as Session);
  let sequence = 0;
  const tell = (...news: readonly RunNews[]): void => {
    for (const each of news) show({ version: 1, run: "run", sequence: (sequence += 1), ...each });
  };
  return { lines, status, tell };
}

const done = (node: string, count: number): RunNews => ({
  type: "step-progress",
  node,
  progress: { ...noProgress, total: 100, done: count },
});
const spent = (made: number, cost: number, cached = 0): RunNews => ({
  type: "money",
  made,
  cost,
  cached,
  unpriced: 0,
  input: 0,
  output: 0,
});
const begin = (node: string): RunNews => ({ type: "step-start", node, total: 100 });
const end = (node: string): RunNews => ({
  type: "step-end",
  node,
  progress: { ...noProgress, total: 100, done: 98, cached: 3, failed: 2 },
});

test("on a terminal one line says how far the steps under way are and what was spent, and grows with both", () => {
  const { lines, status, tell } = showing(true);
  tell(begin("one"), done("one", 3), spent(3, 0.0031), begin("two"), done("two", 1), spent(4, 1.5, 2));
  expect(status).toEqual([
    "one 0/100",
    "one 3/100",
    "one 3/100 · 3 calls, $0.0031",
    "one 3/100 · two 0/100 · 3 calls, $0.0031",
    "one 3/100 · two 1/100 · 3 calls, $0.0031",
    "one 3/100 · two 1/100 · 4 calls, $1.50, 2 from the journal",
  ]);
  tell(end("one"), begin("three"), begin("four"), begin("five"));
  expect(status.at(-1)).toBe("two 1/100 · three 0/100 · four 0/100 · and 1 more · 4 calls, $1.50, 2 from the journal");
  expect(lines).toEqual([]);
});

test("where there is no terminal a step that goes on has a line every ten seconds, with what was spent", () => {
  const { lines, tell } = showing(false);
  tell(begin("one"));
  for (let second = 1; second <= 25; second += 1) {
    vi.advanceTimersByTime(1_000);
    tell(spent(second, second / 100), done("one", second));
  }
  expect(lines).toEqual(["one: 11/100 · 11 calls, $0.11\n", "one: 22/100 · 22 calls, $0.22\n"]);
});

test("a step that took a second or more has a line with what came of it, and the run one with all of it", () => {
  const { lines, tell } = showing(true);
  tell(begin("quick"), end("quick"), begin("long"));
  vi.advanceTimersByTime(1_500);
  tell(end("long"), spent(12, 0.0031, 6), { type: "run-end", outcome: "done" });
  expect(lines).toEqual([
    "long: 98 computed, 3 of them from the journal, 2 failed in 1.5 s\n",
    "196 computed, 4 failed in 1.5 s · 12 calls, $0.0031, 6 from the journal\n",
  ]);
});
