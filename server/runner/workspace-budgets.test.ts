import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";
import { openRuntime } from "./runtime.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await testWorkspace();
  workspace.script = () => ({ text: "Hello", usage: { prompt: 100_000, completion: 100_000 } });
});
afterEach(() => workspace[Symbol.asyncDispose]());

/** What a call costs. */
const call = 0.225;
const day = { type: "day" } as const;

function sheet(mark: string, rows: number, model = "openai/gpt-5-mini"): string {
  const people = ["---\nkey: id\n---\nid", ...Array.from({ length: rows }, (_, index) => index)].join("\n");
  const prompt = fence("prompt greeting", `---\nmodel: ${model}\nmax_tokens: 100000\n---\n${mark} {{ row.id }}`);
  return notebookText("", fence("data people", people), fence("sheet whole", `---\nrows: people\n---\n${prompt}`));
}

const askAnything = (runtime = workspace.runtime, signal?: AbortSignal, model = "openai/gpt-5-mini") =>
  runtime.caller.chat(
    {
      model,
      messages: [{ role: "user", content: `anything ${workspace.runtime.newId()}` }],
      parameters: { max_tokens: 100_000 },
      address: { cell: "v1", at: {} },
      step: 0,
      repeat: 0,
      ...(signal === undefined ? {} : { signal }),
    },
    { notebook: "", run: "outside" },
  );

describe("a day's budget", () => {
  test("stops every run at it together, with everything paid for kept, and says which it was and what to do", async () => {
    const [one, other] = [await workspace.open(sheet("one", 20)), await workspace.open(sheet("other", 20))];
    await workspace.runtime.budgets.set(day, 2);
    const reports = await Promise.all([one, other].map((session) => session.run({ type: "stale" }).done));
    expect(reports.map(({ outcome }) => outcome)).toEqual(["budget", "budget"]);
    const sent = workspace.sent();
    expect(sent).toHaveLength(8);
    expect(reports.reduce((sum, { money }) => sum + money.cost, 0)).toBeCloseTo(8 * call);
    const [wait] = await one.waits();
    expect(wait).toMatchObject({ reason: "budget", subject: "today's budget" });
    expect(wait!.message).toMatch(
      /^today's budget of \$2\.00 has \$0\.20 left, and the next call may cost \$0\.2\d; .*page Cost/,
    );
    await workspace.runtime.budgets.set(day, 100);
    const rest = await Promise.all([one, other].map((session) => session.run({ type: "stale" }).done));
    expect(rest.map(({ outcome }) => outcome)).toEqual(["done", "done"]);
    expect(new Set([...sent, ...workspace.sent()]).size).toBe(40);
  });

  test("holds up no call of a model without a price, also of one that was never called", async () => {
    let [out, most] = [0, 0];
    workspace.script = () => {
      most = Math.max(most, (out += 1));
      setTimeout(() => (out -= 1), 150);
      return { text: "Hello", delay: 150 };
    };
    await workspace.runtime.budgets.set(day, 2);
    await Promise.all([1, 2, 3].map(() => askAnything(workspace.runtime, undefined, "openai/of-no-list")));
    expect(most).toBe(3);
  });

  test("counts what was spent before it was set and before a restart, and begins anew at midnight", async () => {
    await askAnything();
    await workspace.runtime.budgets.set(day, 0.4);
    expect(await workspace.runtime.budgets.list()).toMatchObject([{ scope: day, amount: 0.4, unpriced: 0 }]);
    expect((await workspace.runtime.budgets.list())[0]!.spent).toBeCloseTo(call);
    await expect(askAnything()).rejects.toMatchObject({ on: { reason: "budget" } });
    await workspace.restart();
    await expect(askAnything()).rejects.toMatchObject({ on: { reason: "budget" } });
    workspace.ahead += 24 * 60 * 60 * 1_000;
    expect((await workspace.runtime.budgets.list())[0]!.spent).toBe(0);
    await askAnything();
    await workspace.runtime.budgets.remove(day);
    await askAnything();
    expect(await workspace.runtime.budgets.list()).toEqual([]);
  });

  test("is not spent by rounding: as many calls go out as it is worth", async () => {
    await askAnything();
    await workspace.runtime.budgets.set(day, 1.575);
    for (let count = 1; count < 7; count += 1) await askAnything();
    expect((await workspace.runtime.budgets.list())[0]!.spent).toBeCloseTo(7 * call);
    await expect(askAnything()).rejects.toMatchObject({
      on: { message: expect.stringContaining("today's budget of $1.575 is spent") },
    });
  });

  test("holds nobody up who is answered from the journal or calls what is free, and counts no call without a price but says so", async () => {
    const session = await workspace.open(sheet("before", 3));
    await session.run({ type: "stale" }).done;
    await workspace.runtime.budgets.set(day, 0);
    const again = await workspace.open(sheet("before", 3));
    expect((await again.run({ type: "stale" }).done).outcome).toBe("done");
    const free = await workspace.open(sheet("free", 2, "server/small"));
    expect((await free.run({ type: "stale" }).done).outcome).toBe("done");
    await workspace.runtime.budgets.set(day, 1);
    const unpriced = await workspace.open(sheet("unpriced", 2, "openai/no-such-model"));
    expect(await unpriced.run({ type: "stale" }).done).toMatchObject({ outcome: "done", money: { unpriced: 2 } });
    expect(await workspace.runtime.budgets.list()).toMatchObject([{ unpriced: 2 }]);
  });

  test("counts a call without a count, also one that was stopped, at what is expected of it, and says so; the ledger has it unpriced", async () => {
    workspace.script = () => ({ text: "Hello", usage: null });
    const rates = "openai/gpt-5-mini:\n  - { input: 0, output: 100 }\n";
    await writeFile(join(workspace.folder, "prices.yaml"), rates);
    workspace.ahead += 2_000;
    // 4,096 tokens of an answer, the most that is expected of a model nothing is known of.
    const expected = 0.4096;
    await workspace.runtime.budgets.set(day, 1);
    await askAnything();
    workspace.script = () => ({ text: ["Hel", "lo"], hang: "after-part" });
    const stopping = new AbortController();
    const stopped = askAnything(workspace.runtime, stopping.signal);
    await workspace.server.until(({ inFlight }) => inFlight().length === 1);
    stopping.abort(new Error("stop"));
    await expect(stopped).rejects.toThrow("stop");
    workspace.script = () => ({ text: "Hello", usage: null });
    const spent = { estimated: 2, unpriced: 0, spent: expect.closeTo(2 * expected) as number };
    expect(await workspace.runtime.budgets.list()).toMatchObject([spent]);
    expect(await workspace.runtime.journal.usageSince(0)).toMatchObject({ calls: 2, unpriced: 2, cost: 0 });
    await workspace.restart();
    expect(await workspace.runtime.budgets.list()).toMatchObject([spent]);
    const message =
      "today's budget of $1.00 has about $0.18 left, with 2 calls that say nothing of their tokens counted at about what was expected, and the next call may cost $0.41; ";
    await expect(askAnything()).rejects.toMatchObject({ on: { message: expect.stringContaining(message) } });
    expect(workspace.sent()).toHaveLength(2);
  });

  test("has what was out when it was set, and what is out over midnight once, on the day it was sent", async () => {
    const spent = async () => (await workspace.runtime.budgets.list())[0]!.spent;
    const usage = { prompt: 100_000, completion: 100_000 };
    workspace.script = () => ({ text: "Hello", usage, hold: true });
    const ask = async () => {
      const before = workspace.server.requests().length;
      const answer = askAnything();
      await workspace.server.until(({ requests }) => requests().length > before);
      return () => (workspace.server.release(), answer);
    };
    const early = await ask();
    await workspace.runtime.budgets.set(day, 100);
    await early();
    expect(await spent()).toBeCloseTo(call);
    // Counted anew it is the same.
    workspace.ahead += 60_000;
    expect(await spent()).toBeCloseTo(call);

    const late = await ask();
    workspace.ahead += 24 * 60 * 60 * 1_000;
    await late();
    expect(await spent()).toBe(0);
    await (
      await ask()
    )();
    expect(await spent()).toBeCloseTo(call);
  });

  test("is spent by other processes on the workspace too", async () => {
    await workspace.runtime.budgets.set(day, 0.6);
    const { OPENAI_API_KEY, OPENAI_BASE_URL } = { OPENAI_API_KEY: "test", OPENAI_BASE_URL: workspace.server.baseUrl };
    const other = await openRuntime({ folder: workspace.folder, environment: { OPENAI_API_KEY, OPENAI_BASE_URL } });
    try {
      await askAnything(other);
      await askAnything();
      // A count holds for a second.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await expect(askAnything(other)).rejects.toMatchObject({ on: { reason: "budget" } });
      await expect(askAnything()).rejects.toMatchObject({ on: { reason: "budget" } });
    } finally {
      await other.close();
    }
  });

  test("counts what another process has out, or had when it died, at what it was expected to cost until it ends", async () => {
    await writeFile(join(workspace.folder, "prices.yaml"), "openai/gpt-5-mini:\n  - { input: 0, output: 100 }\n");
    workspace.ahead += 2_000;
    await workspace.runtime.budgets.set(day, 0.5);
    workspace.script = (prompt) => ({
      text: "Hello",
      usage: { prompt: 10, completion: 1_000 },
      hold: prompt.startsWith("anything"),
    });
    const { OPENAI_API_KEY, OPENAI_BASE_URL } = { OPENAI_API_KEY: "test", OPENAI_BASE_URL: workspace.server.baseUrl };
    const other = await openRuntime({ folder: workspace.folder, environment: { OPENAI_API_KEY, OPENAI_BASE_URL } });
    try {
      const answer = askAnything(other);
      await workspace.server.until(({ inFlight }) => inFlight().length === 1);
      workspace.ahead += 2_000;
      const out = { estimated: 1, unpriced: 0, spent: expect.closeTo(0.4096) as number };
      expect(await workspace.runtime.budgets.list()).toMatchObject([out]);
      // Its own process has it out, and does not count it twice.
      expect(await other.budgets.list()).toMatchObject([{ estimated: 0, spent: 0 }]);
      const session = await workspace.open(sheet("beside", 3));
      expect((await session.run({ type: "stale" }).done).money.made).toBe(0);
      expect((await session.waits())[0]!.message).toContain(
        "with 1 call that says nothing of its tokens counted at about what was expected",
      );
      workspace.server.release();
      await answer;
      workspace.ahead += 2_000;
      expect(await workspace.runtime.budgets.list()).toMatchObject([
        { estimated: 0, spent: expect.closeTo(0.1) as number },
      ]);
    } finally {
      workspace.server.release();
      await other.close();
    }
  });

  test("names a call that died before there was a budget, and none of a model that costs nothing", async () => {
    const { OPENAI_API_KEY, OPENAI_BASE_URL } = { OPENAI_API_KEY: "test", OPENAI_BASE_URL: workspace.server.baseUrl };
    const environment = { OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_COMPATIBLE_BASE_URL: workspace.server.baseUrl };
    const other = await openRuntime({ folder: workspace.folder, environment });
    workspace.script = () => ({ text: "", hang: "at-once" });
    const stopping = new AbortController();
    try {
      const asked = [askAnything(other, stopping.signal), askAnything(other, stopping.signal, "server/small")];
      await workspace.server.until(({ inFlight }) => inFlight().length === 2);
      await workspace.runtime.budgets.set(day, 1);
      expect(await workspace.runtime.budgets.list()).toMatchObject([{ spent: 0, estimated: 0, unpriced: 1 }]);
      stopping.abort(new Error("stop"));
      await Promise.allSettled(asked);
    } finally {
      await other.close();
    }
  });

  test("bounds a model of this machine that the workspace has a price for", async () => {
    await writeFile(join(workspace.folder, "prices.yaml"), "server/small:\n  - { input: 1, output: 1 }\n");
    workspace.ahead += 2_000;
    await workspace.runtime.budgets.set(day, 0.5);
    const session = await workspace.open(sheet("priced", 3, "server/small"));
    const confirm = vi.fn(async () => true);
    expect((await session.run({ type: "stale" }, { confirm }).done).outcome).toBe("budget");
    expect(workspace.sent()).toHaveLength(1);
    expect((await workspace.runtime.budgets.list())[0]!.spent).toBeCloseTo(0.2);
  });

  test("bounds a model that costs nothing where one that is paid for takes over", async () => {
    await workspace.runtime.budgets.set(day, 0);
    const answer = workspace.runtime.caller.chat(
      {
        model: "server/small",
        fallbacks: ["openai/gpt-5-mini"],
        messages: [{ role: "user", content: "anything" }],
        parameters: {},
        ...{ address: { cell: "v1", at: {} }, step: 0, repeat: 0 },
      },
      { notebook: "", run: "outside" },
    );
    await expect(answer).rejects.toMatchObject({ on: { reason: "budget" } });
    expect(workspace.sent()).toEqual([]);
  });

  test("is not money that is none", async () => {
    await expect(workspace.runtime.budgets.set(day, -1)).rejects.toMatchObject({ code: "budget.amount" });
    await expect(workspace.runtime.budgets.set(day, Number.NaN)).rejects.toMatchObject({ code: "budget.amount" });
  });
});

test("a notebook's budget counts its calls since it was set, and leaves others alone", async () => {
  const [one, other] = [await workspace.open(sheet("one", 6)), await workspace.open(sheet("other", 6))];
  await one.run({ type: "stale" }, { everySheet: { type: "first", count: 2 } }).done;
  workspace.ahead += 1_000;
  const scope = { type: "notebook", notebook: one.state.path } as const;
  await workspace.runtime.budgets.set(scope, 0.5);
  expect((await one.run({ type: "stale" }).done).money.made).toBe(2);
  expect((await other.run({ type: "stale" }).done).outcome).toBe("done");
  const [budget] = await workspace.runtime.budgets.list();
  expect(budget).toMatchObject({ scope, amount: 0.5 });
  expect(budget!.spent).toBeCloseTo(2 * call);
  workspace.ahead += 1_000;
  await workspace.runtime.budgets.move(one.state.path, "elsewhere.md", () =>
    workspace.runtime.store.notebooks.move(one.state.path, "elsewhere.md"),
  );
  const [moved] = await workspace.runtime.budgets.list();
  expect(moved).toMatchObject({ scope: { notebook: "elsewhere.md" }, amount: 0.5 });
  expect(moved!.spent).toBeCloseTo(2 * call);
});

test("a run is asked about, and bounded, where a model that is paid for may take over from one that costs nothing", async () => {
  await writeFile(join(workspace.folder, "prices.yaml"), "openai/gpt-5-mini:\n  - { input: 0, output: 1000 }\n");
  const front = "models:\n  cheap: { model: server/small, fallback: openai/gpt-5-mini }\n";
  const prompt = fence("prompt greeting", "---\nmodel: cheap\n---\nHello");
  const session = await workspace.open(notebookText(front, prompt));
  const asked: unknown[] = [];
  const confirm = async (estimate: { readonly known: { readonly cost: unknown } }) => {
    asked.push(estimate.known.cost);
    return false;
  };
  expect((await session.run({ type: "stale" }, { confirm }).done).outcome).toBe("cancelled");
  expect(asked).toMatchObject([{ low: 0, likely: 0, high: expect.closeTo(4.096) as number }]);
});
