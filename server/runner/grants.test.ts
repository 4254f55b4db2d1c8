import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session } from "./session.ts";
import { externalKind } from "./__fixtures__/external-kind.ts";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await testWorkspace();
  // What a call of a priced model costs: 100,000 tokens each way, some $0.23.
  workspace.script = () => ({ text: "Hello", usage: { prompt: 100_000, completion: 100_000 } });
});
afterAll(() => workspace[Symbol.asyncDispose]());

const call = 0.225;
const inputs = "inputs:\n  name: { type: string, default: Ada }\n";
const prompt = (configuration: string, text: string, name = "greeting"): string =>
  fence(`prompt ${name}`, `---\n${configuration}\n---\n${text}`);
const free = (text: string): string => prompt("model: server/small\nrun: auto", text);
const paid = (text: string): string => prompt("model: openai/gpt-5-mini\nrun: auto", text);
const letter = fence("template letter", "{{ greeting }}!");
/** A sheet of so many rows that asks about each. */
const sheet = (rows: number): readonly string[] => [
  fence(
    "data people",
    ["---\nkey: name\n---\nname", ...Array.from({ length: rows }, (_, row) => `row${row}`)].join("\n"),
  ),
  fence("sheet everyone", "---\nrows: people\nwith: { name: =row.name }\ncolumns: [greeting]\n---"),
];

const open = (text: string, path?: string): Promise<Session> => {
  workspace.sent();
  return workspace.open(text, { trusted: true, ...(path === undefined ? {} : { path }) });
};
const problems = (session: Session): readonly string[] =>
  session.diagnostics.map(({ code, cell, position }) => `${position.line} ${code} ${cell}`);

describe("a cell that calls a model and says `run: auto`", () => {
  test("waits for a hand without a grant, and a warning says so at its place", async () => {
    const session = await open(notebookText(inputs, free("No grant {{ name }}"), letter));
    expect(session.diagnostics).toMatchObject([
      {
        severity: "warning",
        code: "cell.no-grant",
        cell: "greeting",
        message: "`greeting` calls a model and has no grant, so `run: auto` has no effect: it waits for a hand",
        cure: "Grant the cell a budget, or take `run: auto` away.",
        position: { line: 10, column: 6 },
      },
    ]);
    await session.settle();
    expect([workspace.sent(), fresh(session, "greeting")]).toEqual([[], "never"]);
  });

  test("runs by itself on a grant, and so does what reads it; a model that costs nothing needs no money", async () => {
    const session = await open(notebookText(inputs, free("Free {{ name }}"), letter));
    await session.grant("greeting", 0);
    expect(session.diagnostics).toEqual([]);
    expect(await session.settle()).toMatchObject({ outcome: "done", money: { made: 1, cost: 0 } });
    expect(shown(session, "letter")).toBe("Hello!");
    await session.setInput("name", "Grace");
    await session.settle();
    expect(workspace.sent()).toEqual(["Free Ada", "Free Grace"]);
    expect(session.grants()).toMatchObject([{ cell: "greeting", budget: 0, spent: 0 }]);
  });

  test("does not in a notebook that is not trusted, nor with a grant alone and without `run: auto`", async () => {
    const text = notebookText(inputs, free("Trust {{ name }}"));
    const strange = await workspace.open(text);
    await strange.grant("greeting", 1);
    expect(await strange.settle()).toBeNull();
    const silent = await open(text.replace("run: auto\n", ""));
    await silent.grant("greeting", 1);
    await silent.settle();
    expect(workspace.sent()).toEqual([]);
  });

  test("says that it never will where its costs are not counted", async () => {
    const search = "from: people\ntext: name\nquery: =name\nembedding: openai/text-embedding-3-small\nrun: auto";
    const session = await open(notebookText(inputs, ...sheet(1).slice(0, 1), fence("retrieve hits", search)));
    expect(session.diagnostics).toMatchObject([{ code: "cell.never-automatic", cell: "hits", severity: "warning" }]);
    await expect(session.grant("hits", 1)).rejects.toMatchObject({ code: "grant.cell", cure: "Run it by hand." });
  });
});

test("what reaches outside gets no grant, and says that it never runs by itself", async () => {
  using external = externalKind();
  const session = await open(notebookText(inputs, fence("send mail", "to: =name\nrun: auto")));
  expect(session.diagnostics).toMatchObject([
    { code: "cell.never-automatic", cell: "mail", message: expect.stringContaining("reaches outside") },
  ]);
  await expect(session.grant("mail", 1)).rejects.toMatchObject({ code: "grant.cell", cure: "Run it by hand." });
  await session.settle();
  expect(external.sent()).toEqual([]);
});

describe("a run that nobody asked for", () => {
  test("is recorded as a run where it called a model, with all that came of it and what it cost", async () => {
    const session = await open(notebookText(inputs, paid("Record {{ name }}"), letter), "recorded.md");
    await session.grant("greeting", 1);
    await session.settle();
    const { runs } = workspace.runtime.store;
    const [run, ...others] = await runs.list("recorded.md", 10);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ scope: { type: "automatic" }, inputs: { name: { value: "Ada" } } });
    expect(run!.end).toMatchObject({ outcome: "done", callsMade: 1, cost: expect.closeTo(call, 6) });
    expect(await runs.results(run!.id, { offset: 0, limit: 10 })).toMatchObject([
      { address: "greeting", outcome: "ok", cost: expect.closeTo(call, 6) },
      { address: "letter", outcome: "ok", cost: 0 },
    ]);
  });

  test("leaves no record where it called none", async () => {
    const session = await open(notebookText(inputs, fence("template hello", "Hello {{ name }}")), "unrecorded.md");
    await session.settle();
    await session.settle();
    expect(await workspace.runtime.store.runs.list("unrecorded.md", 10)).toEqual([]);
  });

  test("has the rows of its sheets in its record", async () => {
    const text = notebookText(inputs, free("Row {{ name }}"), ...sheet(3));
    const session = await open(text, "recorded-rows.md");
    await session.grant("greeting", 0);
    await session.settle();
    const { runs } = workspace.runtime.store;
    const [run] = await runs.list("recorded-rows.md", 10);
    const results = await runs.results(run!.id, { offset: 0, limit: 100 });
    expect(results.filter(({ address }) => address.startsWith("everyone.greeting{"))).toHaveLength(3);
  });
});

describe("a grant", () => {
  test("is spent up to its budget, in sheets too; then the rest waits, and goes on with a new one", async () => {
    const path = "budget.md";
    const text = notebookText(inputs, paid("Budget {{ name }}"), ...sheet(11));
    const session = await open(text, path);
    await session.grant("greeting", 1);
    expect(await session.settle()).toMatchObject({ outcome: "budget", money: { made: 4 } });
    const first = workspace.sent();
    expect(first).toHaveLength(4);
    expect(session.grants()[0]!.spent).toBeCloseTo(4 * call, 10);
    expect(await session.waits()).toMatchObject([
      {
        reason: "budget",
        subject: "grant of greeting",
        message:
          "`greeting` does not run by itself any more: its grant of $1.00 has $0.10 left, and the next call may cost $0.23; what was paid for is kept",
      },
    ]);
    await session.settle();
    expect(workspace.sent()).toEqual([]);

    await workspace.restart();
    const again = await open(text, path);
    expect(again.grants()).toMatchObject([
      { cell: "greeting", budget: 1, spent: expect.closeTo(4 * call, 10) as number },
    ]);
    await again.grant("greeting", 5);
    expect(await again.settle()).toMatchObject({ outcome: "done", money: { made: 8 } });
    expect(new Set([...first, ...workspace.sent()]).size).toBe(12);
    expect(again.grants()[0]!.spent).toBeCloseTo(8 * call, 10);
    expect(await again.waits()).toEqual([]);
  });

  test("is spent by calls that say nothing of their tokens too, at what is expected of them", async () => {
    const { script } = workspace;
    workspace.script = () => ({ text: "Hello", usage: null });
    const path = "silent.md";
    const session = await open(notebookText(inputs, paid("Silent {{ name }}"), ...sheet(30)), path);
    await session.grant("greeting", 1);
    expect(await session.settle()).toMatchObject({ outcome: "budget" });
    expect(workspace.sent().length).toBeLessThan(30);
    const { spent } = session.grants()[0]!;
    expect([spent > 0.5, spent <= 1]).toEqual([true, true]);
    await workspace.restart();
    expect((await open(notebookText(inputs, paid("Silent {{ name }}")), path)).grants()[0]!.spent).toBeCloseTo(spent);
    workspace.script = script;
  });

  test("is not passed by sessions that run at the same time, nor begun anew by a later one", async () => {
    const path = "together.md";
    const sessions = await Promise.all(
      ["a", "b", "c", "d"].map((name) =>
        workspace.open(notebookText(inputs, paid("Together {{ name }}")), { path, trusted: true, inputs: { name } }),
      ),
    );
    workspace.sent();
    await sessions[0]!.grant("greeting", 2.5 * call);
    await Promise.all(sessions.map((session) => session.settle()));
    expect(workspace.sent()).toHaveLength(2);
    await workspace.restart();
    const later = await open(notebookText(inputs, paid("Together later {{ name }}")), path);
    expect(await later.settle()).toMatchObject({ outcome: "budget" });
    expect(workspace.sent()).toEqual([]);
    expect(later.grants()[0]!.spent).toBeCloseTo(2 * call, 10);
  });

  test("is for what runs by itself: what a person runs is not booked on it", async () => {
    const session = await open(notebookText(inputs, paid("By hand {{ name }}")));
    await session.grant("greeting", 1);
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toHaveLength(1);
    expect(session.grants()[0]!.spent).toBe(0);
    await session.settle();
    expect(workspace.sent()).toEqual([]);
  });

  test("holds for the cell's name: its text may change, and under a new name it waits for a hand", async () => {
    const session = await open(notebookText(inputs, free("Named {{ name }}")));
    await session.grant("greeting", 0);
    await session.setText(notebookText(inputs, free("Renamed {{ name }}")));
    await session.settle();
    expect(workspace.sent()).toEqual(["Renamed Ada"]);
    await session.setText(notebookText(inputs, prompt("model: server/small\nrun: auto", "Hello {{ name }}", "hello")));
    await session.settle();
    expect([workspace.sent(), problems(session)]).toEqual([[], ["10 cell.no-grant hello"]]);
    expect(session.grants().map(({ cell }) => cell)).toEqual(["greeting"]);
  });

  test("that is revoked holds no more, also for calls of a run under way that wait their turn", async () => {
    const session = await open(notebookText(inputs, paid("Revoked {{ name }}"), ...sheet(5)));
    await session.grant("greeting", 100);
    workspace.script = () => ({ text: "Hello", usage: { prompt: 100_000, completion: 100_000 }, hold: true });
    const settling = session.settle();
    await workspace.server.until((server) => server.inFlight().length === 1);
    await session.revokeGrant("greeting");
    workspace.script = () => ({ text: "Hello", usage: { prompt: 100_000, completion: 100_000 } });
    workspace.server.release();
    await settling;
    expect(workspace.sent()).toHaveLength(1);
    expect([session.grants(), problems(session)]).toEqual([[], ["10 cell.no-grant greeting"]]);
    await session.settle();
    expect(workspace.sent()).toEqual([]);
  });

  test("lets nothing out whose price nobody knows", async () => {
    const session = await open(
      notebookText(inputs, prompt("model: openai/nobody-knows\nrun: auto", "Unpriced {{ name }}")),
    );
    await session.grant("greeting", 100);
    expect(await session.settle()).toMatchObject({ outcome: "budget" });
    expect(workspace.sent()).toEqual([]);
    expect(session.state.results.get("greeting")!.waiting!.message).toContain(
      "cannot bound what openai/nobody-knows costs",
    );
  });

  test("does not begin again what a person has stopped", async () => {
    workspace.script = () => ({ text: ["Hel", "lo"], hold: true });
    const session = await open(notebookText(inputs, paid("Stopped {{ name }}")));
    await session.grant("greeting", 100);
    const run = session.run({ type: "stale" });
    await workspace.server.until((server) => server.inFlight().length === 1);
    run.cancel();
    workspace.server.release();
    await run.done;
    workspace.script = () => ({ text: "Hello", usage: { prompt: 100_000, completion: 100_000 } });
    workspace.sent();
    await session.settle();
    expect(workspace.sent()).toEqual([]);
    await session.setInput("name", "Grace");
    await session.settle();
    expect(workspace.sent()).toEqual(["Stopped Grace"]);
  });

  test("is given in US dollars to a cell there is, and one that can use it", async () => {
    const session = await open(notebookText(inputs, free("Given {{ name }}"), letter));
    for (const wrong of [-1, NaN, Number.POSITIVE_INFINITY])
      await expect(session.grant("greeting", wrong)).rejects.toMatchObject({ code: "grant.budget" });
    await expect(session.grant("greting", 1)).rejects.toMatchObject({
      code: "grant.cell",
      cure: "Did you mean `greeting`?",
    });
    await expect(session.grant("letter", 1)).rejects.toMatchObject({
      code: "grant.cell",
      message: "`letter` runs by itself and needs no grant",
    });
    expect(session.grants()).toEqual([]);
  });
});
