import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Estimate } from "./estimate.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await testWorkspace();
  // What a call costs: 100,000 tokens each way, some $0.23.
  workspace.script = () => ({ text: "Hello", usage: { prompt: 100_000, completion: 100_000 } });
});
afterAll(() => workspace[Symbol.asyncDispose]());

const call = 0.225;
const prompt = (name: string, source: string, configuration = "max_tokens: 100000\n"): string =>
  fence(`prompt ${name}`, `---\nmodel: openai/gpt-5-mini\n${configuration}---\n${source}`);
const sheet = (mark: string, rows: number): string =>
  notebookText(
    "",
    fence("data people", ["---\nkey: id\n---\nid", ...Array.from({ length: rows }, (_, index) => index)].join("\n")),
    fence("sheet whole", ["---\nrows: people\n---", prompt("greeting", `${mark} {{ row.id }}`)].join("\n")),
  );

test("the variants of one model are asked side by side, also where nothing is known of what they cost", async () => {
  const script = workspace.script;
  let [out, most] = [0, 0];
  workspace.script = (text) => {
    if (text.includes("side by side")) {
      most = Math.max(most, (out += 1));
      setTimeout(() => (out -= 1), 150);
    }
    return { text: "Hello", delay: 150, usage: { prompt: 10, completion: 10 } };
  };
  const vary = "vary: { tone: [a, b, c, d] }\nmax_tokens: 10\n";
  const session = await workspace.open(notebookText("", prompt("tones", "side by side {{ vary.tone }}", vary)));
  await session.run({ type: "stale" }, { confirm: async () => true }).done;
  workspace.script = script;
  expect(most).toBe(4);
});

describe("before model calls", () => {
  test("it is said how many would really go out: equal ones count once, those in the journal not at all", async () => {
    const text = sheet("count", 10);
    const session = await workspace.open(text.replace("count {{ row.id }}", "count {{ row.id // 2 }}"));
    // Nobody knows how many rows there are before they are there.
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 0 }, open: 1 });
    await session.run({ type: "cells", cells: ["people"] }).done;
    workspace.sent();
    expect(await session.estimate({ type: "stale" })).toMatchObject({
      known: { calls: 5, cached: 0, equal: 5 },
      open: 0,
    });
    const first = { everySheet: { type: "first", count: 4 } } as const;
    expect(await session.estimate({ type: "stale" }, first)).toMatchObject({
      known: { calls: 2, cached: 0, equal: 2 },
    });
    expect(workspace.sent()).toEqual([]);
    await session.run({ type: "stale" }, first).done;
    expect(workspace.sent()).toHaveLength(2);
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 3, cached: 0, equal: 3 } });
  });

  test("of many rows a sample says it, of all of them", async () => {
    const text = sheet("many", 1).replace(
      /```data people[^]*?```/,
      "```sql people\nselect range as id from range(30000)\n```",
    );
    const session = await workspace.open(text.replace("many {{ row.id }}", "many {{ row.id // 2 }}"));
    await session.run({ type: "cells", cells: ["people"] }).done;
    const { known, open } = await session.estimate({ type: "stale" });
    expect({ sampled: known.sampled, rows: known.calls + known.equal, open }).toEqual({
      sampled: true,
      rows: 30_000,
      open: 0,
    });
    // Two rows that ask the same may be looked at in part.
    expect(Math.abs(known.calls - 15_000)).toBeLessThan(300);
    expect(
      (await session.estimate({ type: "stale" }, { everySheet: { type: "first", count: 500 } })).known,
    ).toMatchObject({
      sampled: false,
      calls: 250,
    });
  });

  test("a chain of two stale prompts is at least the first: the second's request hangs on its answer", async () => {
    const session = await workspace.open(
      notebookText("", prompt("first", "chain one"), prompt("second", "chain two {{ first }}")),
    );
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 1 }, open: 1 });
    await session.run({ type: "stale" }).done;
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 0 }, open: 0 });
    await session.setText(notebookText("", prompt("first", "chain 1"), prompt("second", "chain two {{ first }}")));
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 1 }, open: 1 });
  });

  test("over the threshold a person is asked; after a no nothing is sent, and what is free is there", async () => {
    const session = await workspace.open(sheet("refuse", 20));
    workspace.sent();
    const asked: Estimate[] = [];
    const refuse = async (estimate: Estimate): Promise<boolean> => (asked.push(estimate), false);
    expect((await session.run({ type: "stale" }, { confirm: refuse }).done).outcome).toBe("cancelled");
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ known: { calls: 20, cached: 0, unpriced: [] }, open: 0 });
    expect(asked[0]!.known.cost.high).toBeGreaterThan(0.5);
    expect([workspace.sent(), session.shown("people")!.outcome]).toEqual([[], "ok"]);
  });

  test.each([
    ["any answer is taken", "", 60 * 24, 0],
    ["`cache: 1d` takes a younger one", "cache: 1d\n", 60 * 23, 0],
    ["`cache: 1d` takes no older one", "cache: 1d\n", 60 * 25, 3],
    ["`cache: 30m` takes no older one", "cache: 30m\n", 31, 3],
    ["`cache: never` takes none, and shares none", "cache: never\n", 0, 6],
  ])("as many calls are said as go out, and asked about: %s", async (why, cache, minutes, calls) => {
    const text = sheet(`age ${why}`, 6)
      .replace("{{ row.id }}", "{{ row.id // 2 }}")
      .replace("max_tokens: 100000\n", `max_tokens: 100000\n${cache}`);
    await (await workspace.open(text)).run({ type: "stale" }).done;
    workspace.ahead += minutes * 60_000;
    const session = await workspace.open(text);
    await session.run({ type: "cells", cells: ["people"] }).done;
    workspace.sent();
    const asked: number[] = [];
    const confirm = async ({ known }: Estimate): Promise<boolean> => asked.push(known.calls) > 0;
    const { known } = await session.estimate({ type: "stale" });
    expect([known.calls, known.calls + known.equal + known.cached, known.cost.high > 0.5]).toEqual([
      calls,
      6,
      calls > 0,
    ]);
    const { money } = await session.run({ type: "stale" }, { confirm }).done;
    expect([money.made, workspace.sent().length, asked[0] ?? 0]).toEqual([calls, calls, calls]);
  });

  test("a run of all anew sends equal calls one by one, and says so", async () => {
    const session = await workspace.open(sheet("again", 4).replace("again {{ row.id }}", "again {{ row.id // 2 }}"));
    await session.run({ type: "stale" }).done;
    workspace.sent();
    const { known } = await session.estimate({ type: "all" }, { again: true });
    const { money } = await session.run({ type: "all" }, { again: true }).done;
    expect([known.calls, money.made, workspace.sent().length]).toEqual([4, 4, 4]);
  });

  test("a cell whose age is no time would send nothing", async () => {
    const session = await workspace.open(notebookText("", prompt("soon", "soon", "cache: soon\n")));
    expect((await session.estimate({ type: "stale" })).known.calls).toBe(0);
    expect((await session.run({ type: "stale" }).done).money.made).toBe(0);
  });

  test("what the cell takes no old answer for is counted by a grant at what it may cost", async () => {
    const text = notebookText("", prompt("spoken", "granted", "max_tokens: 100000\ncache: never\nrun: auto\n"));
    await (await workspace.open(text)).run({ type: "stale" }).done;
    const session = await workspace.open(text, { trusted: true });
    await session.grant("spoken", 0.01);
    workspace.sent();
    await session.settle();
    expect([workspace.sent(), (await session.waits()).map(({ reason }) => reason)]).toEqual([[], ["budget"]]);
  });

  test("below it nobody is asked", async () => {
    const session = await workspace.open(notebookText("", prompt("cheap", "cheap", "max_tokens: 10\n")));
    let asked = 0;
    await session.run({ type: "stale" }, { confirm: async () => (asked += 1) > 0 }).done;
    expect([workspace.sent(), asked]).toEqual([["cheap"], 0]);
  });

  test("where the truth exceeds what was confirmed it is asked again, and a no stops the rest with what was paid for kept", async () => {
    // Each is estimated at next to nothing and comes to much more.
    const text = sheet("more", 30).replace("max_tokens: 100000", "max_tokens: 10");
    const session = await workspace.open(text);
    workspace.sent();
    const asked: Estimate[] = [];
    const confirm = async (estimate: Estimate): Promise<boolean> => asked.push(estimate) < 2;
    const report = await session.run({ type: "stale" }, { confirm }).done;
    expect(report.outcome).toBe("budget");
    expect(asked).toHaveLength(2);
    expect(report.money.made).toBe(workspace.sent().length);
    expect(report.money.made).toBeLessThan(10);
    // Still to be sent when it was asked: not those that were answered.
    expect(asked[0]!.known.calls + 2).toBe(30);
    const { greeting } = (await session.sheetFreshness("whole", { exact: true }))!.columns;
    expect(greeting![0]!.outcomes).toEqual({ ok: report.money.made, blocked: 30 - report.money.made });
  });
});

describe("a budget", () => {
  test("stops the queue with everything paid for kept, and a later run sends only the rest", async () => {
    const session = await workspace.open(sheet("budget", 40));
    workspace.sent();
    const first = await session.run({ type: "stale" }, { budget: 2 }).done;
    expect(first).toMatchObject({ outcome: "budget", money: { made: 8, unpriced: 0 } });
    expect(first.money.cost).toBeCloseTo(8 * call);
    expect((await session.waits())[0]!.message).toBe(
      "the run's budget of $2.00 has $0.20 left, and the next call may cost $0.23; what was paid for is kept",
    );
    const paid = workspace.sent();
    const second = await session.run({ type: "stale" }).done;
    expect(second).toMatchObject({ outcome: "done", money: { made: 32, cached: 0 } });
    expect(new Set([...paid, ...workspace.sent()]).size).toBe(40);
  });

  test("is not opened for all that waits by one answer that says nothing of its tokens, or by one that failed", async () => {
    const usage = { prompt: 100_000, completion: 100_000 };
    for (const first of [
      { text: "Hello", usage: null },
      { text: "no", status: 400 },
    ]) {
      let asked = 0;
      workspace.script = () => ((asked += 1) === 1 ? first : { text: "Hello", usage });
      const session = await workspace.open(sheet(`first ${JSON.stringify(first).length}`, 60));
      const report = await session.run({ type: "stale" }, { budget: 2 }).done;
      expect(report.outcome).toBe("budget");
      expect(report.money.cost).toBeLessThanOrEqual(2 + call);
    }
  });

  test("stops calls that never say a word of their tokens at what is expected of them, and says that it is about", async () => {
    workspace.script = () => ({ text: "Hello", usage: null });
    const session = await workspace.open(sheet("silent", 60));
    const report = await session.run({ type: "stale" }, { budget: 2 }).done;
    const { made } = report.money;
    expect(report).toMatchObject({ outcome: "budget", money: { cost: 0, unpriced: made } });
    expect(made).toBeLessThan(30);
    const { message } = (await session.waits())[0]!;
    expect(message).toMatch(/^the run's budget of \$2\.00 has about \$[\d.]+ left, with /);
    expect(message).toContain(
      `, with ${made} calls that say nothing of their tokens counted at about what was expected, and the next call may cost $`,
    );
  });

  test("counts a call that was stopped on its way at what is expected of it", async () => {
    workspace.script = () => ({ text: "", hang: "at-once" });
    const session = await workspace.open(sheet("stuck", 2));
    workspace.sent();
    const run = session.run({ type: "stale" }, { budget: 0.3 });
    await workspace.server.until(({ inFlight }) => inFlight().length === 1);
    const row = workspace.sent()[0]!.replace("stuck ", "");
    run.cancel({ cell: "whole.greeting", at: { whole: row } });
    expect(await run.done).toMatchObject({ outcome: "budget", money: { made: 1, cost: 0, unpriced: 1 } });
    expect(workspace.sent()).toEqual([]);
  });

  test("counts calls whose answers could not be written, and says so of them", async () => {
    workspace.script = () => ({ text: "Hello", usage: { prompt: 100_000, completion: 100_000 } });
    const session = await workspace.open(notebookText("", prompt("full", "Full")));
    using journal = new DatabaseSync(join(workspace.folder, ".sheaf/state/journal.sqlite"));
    journal.exec(
      "create trigger full before update on calls begin select raise(fail, 'database or disk is full'); end",
    );
    try {
      const { money } = await session.run({ type: "stale" }).done;
      expect(money).toMatchObject({ made: 1, unpriced: 0, input: 100_000, cost: expect.closeTo(call, 9) as number });
      expect(session.shown("full")).toMatchObject({
        ...{ outcome: "error", calls: [{ cached: false, cost: expect.closeTo(call, 9) as number }] },
        error: {
          code: "model.unwritten",
          message: expect.stringContaining("could not be written: database or disk is full") as string,
        },
      });
    } finally {
      journal.exec("drop trigger full");
    }
  });

  test("holds nobody up who is answered from the journal", async () => {
    const session = await workspace.open(sheet("budget", 40));
    const report = await session.run({ type: "stale" }, { budget: 0 }).done;
    expect(report).toMatchObject({ outcome: "done", money: { made: 0, cached: 40, cost: 0 } });
  });
});

describe("after a run", () => {
  test("what was said is kept beside what it came to, and after 20 rows that is said closely of the rest", async () => {
    workspace.script = (prompt) => ({
      text: "Hello",
      usage: { prompt: 100_000, completion: 100_000 + 500 * (Number(prompt.split(" ").at(-1)) % 7) },
    });
    const session = await workspace.open(sheet("keep", 60).replace("max_tokens: 100000\n", ""));
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 20 } }).done;
    const run = session.run({ type: "stale" }, { confirm: async () => true });
    const { money, estimate } = await run.done;
    const { end } = (await workspace.runtime.store.runs.get(run.id))!;
    expect(end).toMatchObject({ estimate: { calls: 40, open: 0, unpriced: [] }, cost: money.cost });
    expect([end!.input, end!.output]).toEqual([money.input, money.output]);
    expect(end!.estimate).toEqual(estimate);
    for (const [said, was] of [
      [end!.estimate!.output, end!.output!],
      [end!.estimate!.cost, end!.cost!],
    ] as const) {
      expect(said.low <= was && was <= said.high).toBe(true);
      expect((said.high - said.low) / 2 / said.likely).toBeLessThan(0.25);
    }
  });
});
