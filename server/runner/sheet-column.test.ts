import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { mcnemarTest } from "#evals/statistics/mcnemar.ts";
import { pairedDifference } from "#evals/statistics/paired-difference.ts";
import { scoreInterval } from "#evals/statistics/score-interval.ts";
import { wilsonInterval } from "#evals/statistics/wilson.ts";
import { wholeSheet, type CellRef, type ColumnRef, type SheetView } from "#server/notebook/sheet-view.ts";
import { comparisonText } from "./comparison-text.ts";
import type { Session } from "./session.ts";
import { triage } from "./__fixtures__/triage-sheet.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const row = (column: string): ColumnRef => ({ type: "row", column });
const cell = (name: string, at: CellRef["at"] = {}, field?: string): CellRef => ({
  type: "cell",
  cell: name,
  at,
  ...(field === undefined ? {} : { field }),
});

async function ran(text: string): Promise<Session> {
  const session = await workspace.open(text);
  await session.run({ type: "stale" }).done;
  return session;
}

/** A sheet over rows that a CSV gives, with cells of its own. */
const sheet = (csv: string, ...cells: readonly string[]): string =>
  notebookText(
    "",
    fence("data rows", `---\nkey: id\n---\n${csv}`),
    fence("sheet whole", ["---\nrows: rows\n---", ...cells].join("\n")),
  );

const people =
  "id,name,age,member,since\n1,Ada,36,true,2026-01-01\n2,Bo,,false,\n3,Ada,20,true,2026-01-02\n4,,20.5,,2026-01-01";

describe("the summary of a column", () => {
  test("of the rows counts values, empty ones and distinct ones, and has the most frequent", async () => {
    const session = await ran(sheet(people));
    expect(await session.sheetColumn("whole", row("name"))).toEqual({
      addresses: 4,
      settled: 4,
      errors: 0,
      skipped: 0,
      empty: 1,
      count: 3,
      distinct: 2,
      top: [
        { value: "Ada", count: 2 },
        { value: "Bo", count: 1 },
      ],
      numbers: null,
      mean: null,
    });
    expect((await session.sheetColumn("whole", row("since")))!.top).toEqual([
      { value: "2026-01-01", count: 2 },
      { value: "2026-01-02", count: 1 },
    ]);
    expect(await session.sheetColumn("whole", row("member"))).toMatchObject({
      top: [
        { value: true, count: 2 },
        { value: false, count: 1 },
      ],
      numbers: { n: 3, sum: 2, ones: 2, zeros: 1 },
    });
  });

  test("of numbers has their sum, mean, bounds and a histogram of twenty ranges", async () => {
    const session = await ran(sheet(people));
    const bins = Array.from({ length: 20 }, () => 0);
    expect((await session.sheetColumn("whole", row("age")))!.numbers).toEqual({
      n: 3,
      sum: 76.5,
      mean: 25.5,
      min: 20,
      max: 36,
      bins: [2, ...bins.slice(2), 1],
      ones: 0,
      zeros: 0,
    });
    const one: SheetView = { ...wholeSheet, search: "Ada", filters: [{ type: "less", column: row("age"), than: 30 }] };
    expect((await session.sheetColumn("whole", row("age"), one))!.numbers).toMatchObject({ n: 1, mean: 20, bins: [1] });
  });

  test("has at most eight of many values", async () => {
    const lines = Array.from({ length: 60 }, (_, index) => `${index},${index % 20}`);
    const session = await ran(sheet(["id,number", ...lines].join("\n")));
    const found = (await session.sheetColumn("whole", row("number")))!;
    expect([found.distinct, found.top.map(({ value }) => value)]).toEqual([20, [0, 1, 2, 3, 4, 5, 6, 7]]);
    expect(found.numbers!.bins).toEqual(Array.from({ length: 20 }, () => 3));
  });

  test("of a cell counts settled results alone, and says how many of how many", async () => {
    const code =
      'if (row.age === null) throw new Error("no age"); return row.name === "" ? null : { age: row.age, name: row.name };';
    const session = await ran(
      sheet(people, fence("js person", code), fence("js nothing", "return row.id === 1 ? '' : null;")),
    );
    expect(await session.sheetColumn("whole", cell("person", {}, "name"))).toMatchObject({
      addresses: 4,
      settled: 4,
      errors: 1,
      count: 2,
      empty: 1,
      top: [{ value: "Ada", count: 2 }],
    });
    expect(await session.sheetColumn("whole", cell("nothing"))).toMatchObject({
      settled: 4,
      count: 0,
      empty: 4,
      top: [],
      numbers: null,
    });
    await session.setText(sheet(people, fence("js person", `${code} `.replace("no age", "none"))));
    expect(await session.sheetColumn("whole", cell("person", {}, "age"))).toMatchObject({
      addresses: 4,
      settled: 0,
      count: 0,
    });
    await session.note({
      address: "whole.person{whole=2}",
      type: "edited",
      value: { type: "json", value: { age: 50 } },
    });
    expect(await session.sheetColumn("whole", cell("person", {}, "age"))).toMatchObject({
      settled: 1,
      numbers: { n: 1, max: 50 },
    });
  });

  test("of a score has n, mean and Wilson's interval, over the rows of a view", async () => {
    workspace.script = (prompt) => (/[13]$/.test(prompt) ? "<else>" : `<${prompt.split("\n").at(-1)}>`);
    const session = await ran(triage({ source: "Wilson {{ vary.model }}\n\n{{ row.text }}" }));
    workspace.script = null;
    const small = cell("correct", { model: "small" });
    const found = (await session.sheetColumn("triage", small))!;
    expect(found.top).toEqual([
      { value: true, count: 9 },
      { value: false, count: 3 },
    ]);
    expect(found.mean).toEqual({ n: 12, mean: 0.75, interval: wilsonInterval(9, 12), clusters: 12 });
    const view: SheetView = { ...wholeSheet, filters: [{ type: "less", column: row("amount"), than: 10 }] };
    expect((await session.sheetColumn("triage", small, view))!.mean).toEqual({
      n: 4,
      mean: 0.5,
      interval: wilsonInterval(2, 4),
      clusters: 4,
    });
    expect((await session.sheetColumn("triage", cell("topic")))!.mean).toBeNull();
  });

  test("of equal verdicts of which two share an answer is as sure as of those that do not", async () => {
    const session = await ran(
      sheet(
        ["id,text", ...Array.from({ length: 11 }, (_, index) => `${index},k${index % 10}`)].join("\n"),
        fence("prompt answer", "---\nmodel: server/small\n---\nSure\n\n{{ row.text }}"),
        fence("score right", "---\noutput: =answer\n---\n- contains: k"),
        fence("score half", "---\noutput: =answer\nlanguage: js\n---\nreturn 0.5"),
      ),
    );
    const found = (await session.sheetColumn("whole", cell("right")))!.mean!;
    expect(found).toEqual({ n: 11, mean: 1, clusters: 10, interval: wilsonInterval(10, 10) });
    expect((await session.sheetColumn("whole", cell("half")))!.mean).toMatchObject({ mean: 0.5, interval: null });
  });

  test("does not take what was stopped for settled", async () => {
    workspace.script = (prompt) => ({ text: "<x>", ...(prompt.endsWith("message 1") ? { hang: "at-once" } : {}) });
    const session = await workspace.open(triage({ source: "Stopped {{ vary.model }}\n\n{{ row.text }}", rows: 3 }));
    const small = cell("topic", { model: "small" });
    await session.run({ type: "cells", cells: ["tickets"] }).done;
    const run = session.run({ type: "stale" });
    await vi.waitFor(async () => expect((await session.sheetColumn("triage", small))!.count).toBe(2), 5_000);
    run.cancel();
    await run.done;
    workspace.script = null;
    const states = (await session.rowStates("triage", 1, 2))!["topic"]![0]!;
    expect(states).toMatchObject({ outcome: "cancelled", freshness: { state: "current" } });
    expect(await session.sheetColumn("triage", small)).toMatchObject({ addresses: 3, settled: 2, count: 2 });
  });

  test("counts rows that share an answer, and variants of a row, as one", async () => {
    const messages = ["a", "a", "b", "b", "b", "c", "d", "d"];
    const lines = messages.map((message, index) => `${index},${message},${"aabacdd"[index] ?? "x"}`);
    const session = await ran(
      sheet(
        ["id,text,expected", ...lines].join("\n"),
        fence(
          "prompt answer",
          "---\nmodel: server/small\nvary: { tone: [plain, loud] }\n---\nShared {{ vary.tone }}\n\n{{ row.text }}",
        ),
        fence("score right", "---\noutput: =answer\nexpected: ='<' ~ row.expected ~ '>'\n---\n- equals"),
      ),
    );
    // Right are 2 of 2, 1 of 3, 0 of 1 and 1 of 2.
    const sums = { mean: 0.5, clusters: 4, squares: 1 + 0.25 + 0.25 };
    const interval = scoreInterval({ ...sums, n: 8 }, true)!;
    const found = (await session.sheetColumn("whole", cell("right", { tone: "plain" })))!.mean!;
    expect(found).toEqual({
      n: 8,
      mean: 0.5,
      clusters: 4,
      interval: { low: expect.closeTo(interval.low, 12), high: expect.closeTo(interval.high, 12) },
    });
    const both = (await session.sheetColumn("whole", cell("right")))!.mean!;
    const twice = scoreInterval({ ...sums, n: 16, squares: 4 * sums.squares }, true)!;
    expect(both).toMatchObject({ n: 16, clusters: 4, interval: { low: expect.closeTo(twice.low, 12) } });
  });
});

describe("two variants compared", () => {
  test("are compared on the rows where both are settled, verdicts by McNemar's exact test", async () => {
    const wrong = { small: [1, 3, 5, 7, 9, 11], big: [3] };
    workspace.script = (prompt) => {
      const [head, , message] = prompt.split("\n");
      const number = Number(message!.split(" ")[1]);
      return wrong[head!.includes("small") ? "small" : "big"].includes(number) ? "<else>" : `<${message}>`;
    };
    const session = await ran(triage({ source: "Pairs {{ vary.model }}\n\n{{ row.text }}" }));
    workspace.script = null;
    const verdicts = (model: "small" | "big") =>
      Array.from({ length: 12 }, (_, index) => !wrong[model].includes(index));
    const [big, small] = [verdicts("big"), verdicts("small")];
    const found = (await session.compareVariants("triage", "correct", { model: "big" }, { model: "small" }))!;
    const paired = pairedDifference(big.map(Number), small.map(Number));
    expect(found).toMatchObject({
      n: 12,
      rows: 12,
      clusters: 12,
      means: { first: 11 / 12, second: 0.5 },
      difference: expect.closeTo(5 / 12, 12),
      interval: { low: expect.closeTo(paired.interval!.low, 12), high: expect.closeTo(paired.interval!.high, 12) },
      p: mcnemarTest(big, small).p,
      test: "mcnemar",
      sentence: "big may be above small on 12 of 12 rows: +41.7 points (+8.9 to +74.4), exact McNemar p = 0.063.",
    });
    const view: SheetView = { ...wholeSheet, filters: [{ type: "is", column: row("id"), value: "t3" }] };
    expect(
      await session.compareVariants("triage", "correct", { model: "big" }, { model: "small" }, view),
    ).toMatchObject({
      n: 1,
      rows: 1,
      interval: null,
      sentence: "big and small cannot be compared yet: they share 1 of 1 row.",
    });
    await session.setText(triage({ source: "Others {{ vary.model }}\n\n{{ row.text }}" }));
    expect(await session.compareVariants("triage", "correct", { model: "big" }, { model: "small" })).toMatchObject({
      n: 0,
      difference: null,
      p: null,
      sentence: "big and small cannot be compared yet: no row has a number of both.",
    });
    await expect(session.compareVariants("triage", "correct", {}, { model: "big" })).rejects.toMatchObject({
      code: "sheet.axis",
    });
  });

  test("that are numbers are compared by Student's paired test, rows that share their answers as one", async () => {
    const messages = ["a", "a", "bb", "bb", "ccc", "dddd", "e"];
    const code = "return row.text.length * (vary.tone === 'loud' ? 1.5 : 1) + answer.length / 10 + row.id / 100;";
    const session = await ran(
      sheet(
        ["id,text", ...messages.map((message, index) => `${index},${message}`)].join("\n"),
        fence(
          "prompt answer",
          "---\nmodel: server/small\nvary: { tone: [plain, loud] }\n---\nNumbers {{ vary.tone }}\n\n{{ row.text }}",
        ),
        fence("js size", code),
      ),
    );
    const size = (factor: number) =>
      messages.map((message, index) => message.length * factor + (message.length + 2) / 10 + index / 100);
    const expected = pairedDifference(size(1.5), size(1), { clusters: messages });
    const found = (await session.compareVariants("whole", "size", { tone: "loud" }, { tone: "plain" }))!;
    expect(found).toMatchObject({
      n: 7,
      clusters: 5,
      test: "paired",
      p: expect.closeTo(expected.p!, 9),
      interval: { low: expect.closeTo(expected.interval!.low, 9), high: expect.closeTo(expected.interval!.high, 9) },
    });
    expect(found.sentence).toMatch(
      /^loud is above plain on 7 of 7 rows: \+1\.\d{3} \(\+0\.\d{3} to \+\d\.\d{3}\), paired t p = /,
    );
  });

  test("are said to be equal where they never differ, and to differ where both p and the interval say so", () => {
    const text = (more: object): string =>
      comparisonText({
        first: { model: "a", shots: "5" },
        second: { model: "b", shots: "5" },
        n: 3,
        rows: 4,
        clusters: 3,
        difference: 0,
        interval: { low: 0, high: 0 },
        p: null,
        exact: false,
        verdicts: true,
        ...more,
      });
    expect(text({})).toBe("a and b are equal on all of the rows they share, 3 of 4 rows.");
    expect(text({ second: { model: "a", shots: "0" } })).toBe(
      "shots 5 and shots 0 are equal on all of the rows they share, 3 of 4 rows.",
    );
    expect(text({ difference: -0.5, interval: null })).toBe(
      "a and b differ by −50.0 points on all of the rows they share, 3 of 4 rows.",
    );
    expect(text({ difference: 0.008, interval: { low: -0.024, high: 0.041 }, p: 1, exact: true })).toBe(
      "No difference could be seen between a and b on 3 of 4 rows: +0.8 points (−2.4 to +4.1), exact McNemar p = 1.",
    );
    expect(text({ difference: -0.5, interval: { low: -0.9, high: -0.1 }, p: 0.0001 })).toBe(
      "a is below b on 3 of 4 rows: −50.0 points (−90.0 to −10.0), paired t p < 0.001.",
    );
  });

  test("that differ alike on all rows have no interval, and tell neither that one is above nor what would have been seen", async () => {
    workspace.script = (prompt) => (prompt.includes("loud") ? "yes" : "no");
    const session = await ran(
      sheet(
        "id,text\n1,a\n2,b",
        fence(
          "prompt answer",
          "---\nmodel: server/small\nvary: { tone: [plain, loud] }\n---\nAlike {{ vary.tone }}\n\n{{ row.text }}",
        ),
        fence("score right", "---\noutput: =answer\nexpected: yes\n---\n- equals"),
      ),
    );
    workspace.script = null;
    expect(await session.compareVariants("whole", "right", { tone: "loud" }, { tone: "plain" })).toMatchObject({
      n: 2,
      difference: 1,
      interval: null,
      p: 0.5,
      detectable: null,
      sentence:
        "No difference could be seen between loud and plain on 2 of 2 rows: +100.0 points, exact McNemar p = 0.5.",
    });
  });

  test("that are repeated are compared by the means of their repeats", async () => {
    const session = await ran(
      sheet(
        "id,text\n1,a\n2,bb\n3,ccc",
        fence(
          "prompt answer",
          "---\nmodel: server/small\nrepeat: 3\nvary: { tone: [plain, loud] }\n---\n{{ row.text }}",
        ),
        fence("js size", "return row.id + (vary.tone === 'loud' ? 1 : 0) + answer.length * 0;"),
      ),
    );
    expect(await session.compareVariants("whole", "size", { tone: "loud" }, { tone: "plain" })).toMatchObject({
      n: 3,
      rows: 3,
      means: { first: 3, second: 2 },
      difference: 1,
    });
  });
});
