import { expect, test } from "vitest";
import { noProgress } from "#server/runner/progress.ts";
import { createRunBoard } from "./run-board.ts";

test("a run says which rows and variants it goes over, and of too many to tell that it is all that are not settled", () => {
  const board = createRunBoard(
    () => 0,
    () => {},
  );
  const rows = (count: number) => Array.from({ length: count }, (_, index) => String(index));
  board.begin({
    id: "a",
    title: "topic",
    automatic: false,
    budget: null,
    rows: { triage: { type: "first", count: 5 }, other: { type: "rows", rows: rows(1_000) } },
    at: [{ model: "small" }],
  });
  board.begin({
    id: "b",
    title: "topic",
    automatic: false,
    budget: null,
    rows: { triage: { type: "rows", rows: rows(1_001) } },
  });
  expect(board.runs["a"]!.rows).toEqual({
    triage: { type: "first", count: 5 },
    other: { type: "rows", rows: rows(1_000) },
  });
  expect(board.runs["a"]!.at).toEqual([{ model: "small" }]);
  expect(board.runs["b"]!.rows).toEqual({ triage: { type: "stale" } });
});

test("a cell that two runs come to shows how far the later is, also when the earlier has ended", () => {
  const board = createRunBoard(
    () => 0,
    () => {},
  );
  const start = { version: 1, sequence: 1, type: "step-start", node: "topic", total: 1 } as const;
  board.take({ ...start, run: "by-itself" });
  board.take({ ...start, run: "by-hand" });
  board.take({ ...start, type: "step-end", run: "by-itself", progress: noProgress });
  expect(board.progress.get("topic")).toMatchObject({ run: "by-hand", state: "running" });
  board.take({ ...start, type: "step-end", run: "by-hand", progress: noProgress });
  expect(board.progress.has("topic")).toBe(false);
});

test("of a run that broke without an end nothing goes on, and nobody is asked any more", async () => {
  const board = createRunBoard(
    () => 5,
    () => {},
  );
  board.begin({ id: "a", title: "all", automatic: false, budget: null });
  const of = { version: 1, sequence: 1, run: "a" } as const;
  board.take({ ...of, type: "run-start", steps: ["topic", "other"] } as never);
  board.take({ ...of, type: "step-start", node: "topic", total: 1 });
  board.take({ ...of, type: "text", address: { cell: "topic", at: { model: "small" } }, text: "Half" });
  const broken = Promise.withResolvers<never>();
  board.follow({ id: "a", done: broken.promise } as never);
  const asked = board.ask("a", {} as never);
  broken.reject(new Error("no space left"));
  await board.idle();
  expect([board.progress.size, Object.keys(board.streams), board.busy]).toEqual([0, [], false]);
  expect(board.runs["a"]).toMatchObject({ outcome: "failed", confirm: null, endedAt: 5 });
  expect(board.runs["a"]!.error!.message).toContain("no space left");
  expect(await Promise.race([asked, Promise.resolve("open")])).toBe("open");
});

test("the text of a row that is a result streams no more, and those beside it go on", () => {
  let changes = 0;
  const board = createRunBoard(
    () => 5,
    () => (changes += 1),
  );
  const of = { version: 1, sequence: 1, run: "a" } as const;
  const [one, other] = ["1", "2"].map((row) => ({ cell: "all.topic", at: { all: row } }));
  for (const address of [one!, other!]) board.take({ ...of, type: "text", address, text: "Half" });
  board.take({ ...of, type: "text-end", addresses: [one!] });
  expect([Object.keys(board.streams), changes]).toEqual([["all.topic{all=2}"], 3]);
});
