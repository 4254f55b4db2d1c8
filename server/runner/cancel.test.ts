import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const prompt = (name: string, source: string): string =>
  fence(`prompt ${name}`, `---\nmodel: server/small\n---\n${source}`);
const people = (prompts: string): string =>
  notebookText(
    "",
    fence("data people", "---\nkey: id\n---\nid\na\nb\nc"),
    fence("sheet whole", ["---\nrows: people\n---", prompts, fence("template line", "{{ greeting }}!")].join("\n")),
  );

test("a cancelled stream keeps its text marked partial, books its usage, and is no cache entry", async () => {
  workspace.script = () => ({ text: ["Dear", " Ada"], hang: "after-part" });
  const session = await workspace.open(
    notebookText("", prompt("greeting", "one"), fence("template letter", "{{ greeting }}!")),
  );
  const run = session.run({ type: "stale" });
  for await (const event of run.events()) if (event.type === "text") break;
  run.cancel();
  const report = await run.done;
  expect(report).toMatchObject({ outcome: "cancelled", money: { made: 1, cached: 0 } });
  expect(session.state.results.get("greeting")).toMatchObject({
    outcome: "partial",
    value: { type: "string", value: "Dear" },
  });
  expect((await workspace.runtime.journal.list({ run: run.id, limit: 9 }))[0]!.end).toMatchObject({
    state: "cancelled",
    text: "Dear",
  });
  expect(session.state.results.has("letter")).toBe(false);
  workspace.script = null;
  await session.run({ type: "stale" }).done;
  expect(shown(session, "letter")).toBe("<one>!");
});

describe("one part of a run is cancelled, and the rest goes on", () => {
  test("a cell: what reads it is blocked", async () => {
    workspace.script = (text) => (text === "stuck" ? { text: "", hang: "at-once" } : `<${text}>`);
    const session = await workspace.open(
      notebookText(
        "",
        prompt("greeting", "stuck"),
        fence("template letter", "{{ greeting }}!"),
        prompt("beside", "two"),
      ),
    );
    const run = session.run({ type: "stale" });
    await workspace.server.until((server) => server.inFlight().length === 1);
    run.cancel({ cell: "greeting" });
    expect((await run.done).outcome).toBe("done");
    expect(session.state.results.get("greeting")).toMatchObject({ outcome: "cancelled", value: null });
    expect(session.state.results.get("letter")).toMatchObject({ outcome: "blocked", because: ["greeting"] });
    expect(shown(session, "beside")).toBe("<two>");
    workspace.script = null;
  });

  test("code that does not end", async () => {
    const session = await workspace.open(notebookText("", fence("js endless", "for (;;);"), prompt("beside", "two")));
    const run = session.run({ type: "stale" });
    for await (const event of run.events()) if (event.type === "result" && event.address.cell === "beside") break;
    run.cancel({ cell: "endless" });
    expect((await run.done).outcome).toBe("done");
    expect(session.state.results.get("endless")).toMatchObject({ outcome: "cancelled" });
  });

  test("a row", async () => {
    workspace.script = (text) => (text === "row b" ? { text: "", hang: "at-once" } : `<${text}>`);
    const session = await workspace.open(people(prompt("greeting", "row {{ row.id }}")));
    const run = session.run({ type: "stale" });
    await workspace.server.until((server) => server.inFlight().length === 1 && server.finished().length >= 2);
    run.cancel({ cell: "whole.greeting", at: { whole: "b" } });
    expect((await run.done).outcome).toBe("done");
    const states = await session.rowStates("whole", 0, 3);
    expect(states!["greeting"]!.map(({ outcome }) => outcome)).toEqual(["ok", "cancelled", "ok"]);
    expect(states!["line"]!.map(({ outcome }) => outcome)).toEqual(["ok", "blocked", "ok"]);
    expect(fresh(session, "whole")).toBe("stale: greeting, line");
    workspace.script = null;
    workspace.sent();
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual(["row b"]);
  });

  test("a column of a sheet; other columns are computed", async () => {
    workspace.script = (text) => (text.startsWith("stuck") ? { text: "", hang: "at-once" } : `<${text}>`);
    const columns = [prompt("greeting", "stuck {{ row.id }}"), prompt("other", "fine {{ row.id }}")].join("\n");
    const session = await workspace.open(people(columns));
    const run = session.run({ type: "stale" });
    await workspace.server.until((server) => server.inFlight().length === 3);
    run.cancel({ cell: "whole.greeting" });
    expect((await run.done).outcome).toBe("done");
    expect((await session.sheetFreshness("whole", { exact: true }))!.columns).toMatchObject({
      greeting: [{ outcomes: { cancelled: 3 } }],
      other: [{ outcomes: { ok: 3 } }],
      line: [{ outcomes: { blocked: 3 } }],
    });
    workspace.script = null;
  });
});

test("a call shared by several readers goes on for the one that stays, and is cancelled when the last one leaves", async () => {
  workspace.script = () => ({ text: "shared", hold: true });
  const text = notebookText("", prompt("greeting", "both ask this"));
  const one = await workspace.open(text);
  const two = await workspace.open(text);
  workspace.sent();
  const first = one.run({ type: "stale" });
  await workspace.server.until((server) => server.inFlight().length === 1);
  const second = two.run({ type: "stale" });
  // The second must have joined before the first leaves.
  await new Promise((resolve) => setTimeout(resolve, 100));
  first.cancel();
  expect((await first.done).outcome).toBe("cancelled");
  workspace.server.release();
  await second.done;
  expect([workspace.sent(), shown(two, "greeting")]).toEqual([["both ask this"], "shared"]);

  const three = await workspace.open(notebookText("", prompt("greeting", "one asks this")));
  const third = three.run({ type: "stale" });
  await workspace.server.until((server) => server.inFlight().length === 1);
  third.cancel();
  await third.done;
  await workspace.server.until((server) => server.inFlight().length === 0);
  workspace.script = null;
});

test("stopping a run closes the provider's connection within a tenth of a second, whether it has said something or not", async () => {
  const waits: number[] = [];
  for (let times = 0; times < 20; times += 1) {
    workspace.script = () => ({ text: ["Dear", " Ada"], hang: times % 2 === 0 ? "after-part" : "at-once" });
    const session = await workspace.open(notebookText("", prompt("greeting", `stop ${times}`)));
    const run = session.run({ type: "stale" });
    await workspace.server.until((server) => server.inFlight().length === 1);
    if (times % 2 === 0) for await (const event of run.events()) if (event.type === "text") break;
    const stoppedAt = performance.now();
    run.cancel();
    await workspace.server.until((server) => server.inFlight().length === 0);
    waits.push(performance.now() - stoppedAt);
    await run.done;
  }
  workspace.script = null;
  // A busy machine may be slow at two of them.
  waits.sort((one, other) => one - other);
  expect(waits[17]).toBeLessThan(100);
  expect(waits[19]).toBeLessThan(1_000);
});
