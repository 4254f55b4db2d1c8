import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const inputs = "inputs:\n  message: { type: string, default: hi }\n  example: { type: string }\n";
const outcome = (session: Session, address: string): unknown => {
  const result = session.state.results.get(address);
  return result?.outcome === "ok" ? (result.value as { value: unknown }).value : (result?.error?.message ?? null);
};
const labels = ["one", "two"].map((label) => `t{prompt=${label}}`);

describe("a wording hangs on what it reads itself, and on the settings of its cell", () => {
  test("what fails, or has no value, is in the way of the wordings that read it alone", async () => {
    const session = await workspace.open(
      notebookText(
        inputs,
        fence("js bad", "throw new Error('x')"),
        fence("template t.one", "A {{ message }}"),
        fence("template t.two", "B {{ message }} {{ bad }}"),
        fence("template u.one", "A {{ message }}"),
        fence("template u.two", "B {{ example }}"),
        fence("template reader", "{{ t }}"),
      ),
    );
    await session.run({ type: "stale" }).done;
    expect(labels.map((label) => outcome(session, label))).toEqual(["A hi", "blocked by `bad`"]);
    expect(outcome(session, "reader{prompt=one}")).toBe("A hi");
    expect(outcome(session, "u{prompt=one}")).toBe("A hi");
    expect(outcome(session, "u{prompt=two}")).toMatch("`example`");
  });

  test("a name that there is not fails the wording that reads it alone, at its place, and until there is one", async () => {
    const text = (...more: readonly string[]): string =>
      notebookText(
        inputs,
        fence("template t.one", "A {{ message }}"),
        fence("template t.two", "B {{ nope }}"),
        ...more,
      );
    const session = await workspace.open(text());
    const told = session.state.graph.diagnostics.map(({ severity, cell, message }) => [severity, cell, message]);
    expect(told).toContainEqual(["error", "t", "there is no input or cell `nope`"]);
    await session.run({ type: "stale" }).done;
    expect(labels.map((label) => outcome(session, label))).toEqual(["A hi", "`nope` is not defined"]);
    const cell = session.state.results.get("t{prompt=two}")!.error!;
    expect(cell.position).toMatchObject({
      line:
        text()
          .split("\n")
          .findIndex((line) => line.includes("nope")) + 1,
    });
    await session.setText(text(fence("template nope", "yes")));
    await session.run({ type: "stale" }).done;
    expect(labels.map((label) => outcome(session, label))).toEqual(["A hi", "B yes"]);
  });

  test("what changes makes the wordings stale that read it alone; what a setting reads, all of them", async () => {
    const text = (few: string, shared: string): string =>
      notebookText(
        inputs,
        fence("template few", few),
        fence("template shared", shared),
        fence("template t.one", "---\nwhen: =shared != 'no'\n---\nA {{ message }}"),
        fence("template t.two", "B {{ message }} {{ few }}"),
      );
    const session = await workspace.open(text("a", "b"));
    await session.run({ type: "stale" }).done;
    await session.setText(text("a a", "b"));
    expect(labels.map((label) => fresh(session, label))).toEqual(["current", "stale: few"]);
    await session.setText(text("a", "b b"));
    expect(labels.map((label) => fresh(session, label))).toEqual(["stale: shared", "stale: shared"]);
    await session.setText(text("a", "b"));
    expect(labels.map((label) => fresh(session, label))).toEqual(["current", "current"]);
  });

  test("so also in a sheet", async () => {
    const text = (few: string): string =>
      notebookText(
        inputs,
        fence("data d", "---\nkey: id\n---\nid,text\n1,a\n2,b"),
        fence("template few", few),
        fence("js bad", "throw new Error('x')"),
        fence(
          "sheet s",
          [
            "---\nrows: d\n---",
            fence("js odd", "if (row.id === 1) throw new Error('odd'); return row.id"),
            fence("template t.one", "A {{ row.text }}"),
            fence("template t.two", "B {{ row.text }} {{ odd }} {{ few }}"),
            fence("template t.three", "C {{ row.nothing }}"),
            fence("template t.four", "D {{ bad }}"),
            fence("template t.five", "E {{ nope }}"),
          ].join("\n"),
        ),
      );
    const session = await workspace.open(text("f"));
    await session.run({ type: "stale" }).done;
    const states = async (): Promise<unknown> =>
      (await session.rowStates("s", 0, 2))!["t"]!.map(
        ({ row, at, outcome: came, freshness }) => `${row} ${at["prompt"]} ${came} ${freshness.state}`,
      );
    expect(await states()).toEqual([
      "1 one ok current",
      "1 two blocked current",
      "1 three error current",
      "1 four blocked current",
      "1 five error current",
      "2 one ok current",
      "2 two ok current",
      "2 three error current",
      "2 four blocked current",
      "2 five error current",
    ]);
    await session.setText(text("g"));
    expect(await states()).toMatchObject({ 0: "1 one ok current", 5: "2 one ok current", 6: "2 two ok stale" });
  });
});
