import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import { externalKind } from "./__fixtures__/external-kind.ts";
import {
  datasetPath,
  fence,
  fresh,
  notebookText,
  shown,
  testWorkspace,
  type TestWorkspace,
} from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const inputs = "inputs:\n  name: { type: string, default: Ada }\n";
const greeting = fence("prompt greeting", "---\nmodel: server/small\n---\nGreet {{ name }}");
const letter = fence("template letter", "{{ greeting }}!");
const label = fence("template label", "For {{ name }}");
const rows = (count: number): string =>
  fence("data rows", `---\nkey: id\n---\nid\n${Array.from({ length: count }, (_, index) => index + 1).join("\n")}`);
const doubled = fence("sheet doubled", ["---\nrows: rows\n---", fence("formula twice", "id * 2")].join("\n"));

const trusted = { trusted: true };

describe("what runs by itself", () => {
  test("opening a notebook runs nothing, and nothing runs until it is trusted", async () => {
    const session = await workspace.open(notebookText(inputs, label));
    expect([session.trusted, await session.settle(), fresh(session, "label")]).toEqual([false, null, "never"]);
    session.trust();
    expect(await session.settle()).toMatchObject({ outcome: "done" });
    expect(shown(session, "label")).toBe("For Ada");
  });

  test(
    "pure and local cells do when what they read is current, and so does what reads them",
    { timeout: 60_000 },
    async () => {
      const code = fence("js shout", "return label.toUpperCase()");
      const session = await workspace.open(notebookText(inputs, label, code, rows(3), doubled), trusted);
      await session.settle();
      expect(shown(session, "shout")).toBe("FOR ADA");
      expect(await session.sheetFreshness("doubled", { exact: true })).toMatchObject({
        columns: { twice: [{ counts: { current: 3 } }] },
      });
      await session.setInput("name", "Grace");
      await session.settle();
      expect(shown(session, "shout")).toBe("FOR GRACE");
    },
  );

  test("a cell that calls a model never does, nor what reads it; what there is stays as it is", async () => {
    workspace.sent();
    const session = await workspace.open(notebookText(inputs, greeting, letter, label), trusted);
    await session.settle();
    expect(["greeting", "letter", "label"].map((cell) => fresh(session, cell))).toEqual(["never", "never", "current"]);
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual(["Greet Ada"]);
    await session.setInput("name", "Grace");
    await session.settle();
    expect(workspace.sent()).toEqual([]);
    expect([shown(session, "letter"), fresh(session, "letter")]).toEqual(["<Greet Ada>!", "stale: greeting"]);
  });

  test("nor does a score whose embedding is paid for; one by a model of this machine does", async () => {
    const score = (name: string, more: string): string =>
      fence(`score ${name}`, `---\noutput: =name\nexpected: Ada\n${more}---\n- equals`);
    const paid = score("paid", "embedding: openai/text-embedding-3-small\n");
    const short = [score("dear", "embedding: dear\n"), score("cheap", "embedding: cheap\n")];
    const front = `${inputs}models: { dear: openai/text-embedding-3-small, cheap: local/all-minilm-l6-v2 }\n`;
    const named = score("named", "").replace("- equals", "- similarity: { model: openai/text-embedding-3-small }");
    const session = await workspace.open(
      notebookText(
        front,
        paid,
        named,
        score("free", "embedding: local/all-minilm-l6-v2\n"),
        score("plain", ""),
        ...short,
      ),
      trusted,
    );
    await session.settle();
    expect(["paid", "named", "dear"].map((cell) => fresh(session, cell))).toEqual(["never", "never", "never"]);
    expect(["free", "plain", "cheap"].map((cell) => fresh(session, cell))).toEqual(["current", "current", "current"]);
  });

  test("nor does what reaches outside, in sheets neither; where it is asked for and fails, it is tried once", async () => {
    using external = externalKind();
    const send = fence("send mail", "to: =name\nrun: auto");
    const sheet = fence("sheet whole", "---\nrows: rows\nwith: { name: =row.id }\ncolumns: [mail]\n---");
    // With a prompt beside it a run goes over the notebook twice: first what is free, then the rest.
    const text = notebookText("inputs:\n  name: { type: json, default: 7 }\n", greeting, send, rows(2), sheet);
    const session = await workspace.open(text, trusted);
    await session.settle();
    await session.choose("mail", "some answer").catch(() => {});
    expect([external.sent(), fresh(session, "mail")]).toEqual([[], "never"]);
    external.fails = true;
    await session.run({ type: "stale" }, { retryErrors: true, tellCalls: true, confirm: async () => true }).done;
    expect(external.sent()).toEqual(["mail", "whole.mail{whole=1}", "whole.mail{whole=2}"]);
    external.fails = false;
    await session.settle();
    expect(external.sent()).toEqual([]);
    await session.run({ type: "cells", cells: ["mail"] }, { retryErrors: true, tellCalls: true }).done;
    expect([external.sent(), shown(session, "mail")]).toEqual([["mail"], "sent to 7"]);
  });

  test("where the journal has all its answers it resolves at once, free, marked from cache, in sheets too", async () => {
    const sheet = fence(
      "sheet whole",
      ["---\nrows: rows\nwith: { name: =row.id }\ncolumns: [greeting]\n---"].join("\n"),
    );
    const text = notebookText("inputs:\n  name: { type: json, default: 7 }\n", greeting, letter, rows(2), sheet);
    const first = await workspace.open(text);
    await first.run({ type: "stale" }).done;
    workspace.sent();
    const again = await workspace.open(text, trusted);
    expect(await again.settle()).toMatchObject({ money: { made: 0, cached: 3, cost: 0 } });
    expect(shown(again, "letter")).toBe("<Greet 7>!");
    expect(again.shown("greeting")!.calls).toMatchObject([{ cached: true }]);
    expect(await again.sheetFreshness("whole", { exact: true })).toMatchObject({
      columns: { greeting: [{ counts: { current: 2 } }] },
    });
    expect(workspace.sent()).toEqual([]);
  });

  test.each([
    ["outside sheets", "greeting", 1],
    ["in a sheet", "whole", 2],
  ])("what a person runs %s is shown, although other cells run by themselves meanwhile", async (_, cell, calls) => {
    const sheet = fence("sheet whole", "---\nrows: rows\nwith: { name: =row.id }\ncolumns: [greeting]\n---");
    const front = `inputs:\n  name: { type: json, default: ${cell.length} }\n`;
    const session = await workspace.open(notebookText(front, greeting.replace("Greet", cell), rows(2), sheet), trusted);
    await session.settle();
    workspace.script = (prompt) => ({ text: `<${prompt}>`, hold: true });
    const run = session.run({ type: "cells", cells: [cell] });
    await workspace.server.until((server) => server.inFlight().length === calls);
    await session.settle();
    workspace.script = null;
    workspace.server.release();
    await run.done;
    if (cell === "greeting") expect(fresh(session, "greeting")).toBe("current");
    else
      expect(await session.sheetFreshness("whole", { exact: true })).toMatchObject({
        columns: { greeting: [{ counts: { current: 2 } }] },
      });
  });

  test.each(["before", "after"])(
    "all that a person runs is computed, where cells begin to run by themselves right %s",
    async (order) => {
      const slow = "select id from range(3) rows(id) where (select sum(i) from range(40000000) slow(i)) > 0";
      const sheet = fence("sheet whole", "---\nrows: rows\nwith: { name: =row.id }\ncolumns: [greeting]\n---");
      const front = `inputs:\n  name: { type: json, default: "${order}" }\n`;
      const session = await workspace.open(
        notebookText(front, fence("sql rows", slow), greeting.replace("Greet", order), sheet),
        trusted,
      );
      const settle = (): Promise<unknown> => session.settle();
      const byItself = order === "before" ? settle() : null;
      const run = session.run({ type: "stale" });
      await Promise.all([byItself ?? settle(), run.done]);
      expect(await session.sheetFreshness("whole", { exact: true })).toMatchObject({
        columns: { greeting: [{ counts: { current: 3 }, outcomes: { ok: 3 } }] },
      });
      expect((await run.done).outcome).toBe("done");
      expect([fresh(session, "rows"), fresh(session, "whole"), fresh(session, "greeting")]).toEqual([
        "current",
        "current",
        "current",
      ]);
    },
  );

  test("an answer that was just paid for is not taken for one from the cache", async () => {
    await writeFile(join(workspace.folder, "endpoints.yaml"), "server: { concurrency: 9 }\n");
    workspace.ahead += 1_100;
    const sheet = fence("sheet whole", "---\nrows: rows\nwith: { name: =row.id }\ncolumns: [greeting]\n---");
    const front = "inputs:\n  name: { type: json, default: 0 }\n";
    const session = await workspace.open(
      notebookText(front, greeting.replace("Greet", "Pay"), rows(9), sheet),
      trusted,
    );
    await session.settle();
    workspace.script = (prompt) => ({ text: `<${prompt}>`, hold: true });
    const run = session.run({ type: "cells", cells: ["whole"] });
    await workspace.server.until((server) => server.inFlight().length === 9);
    const settling: Promise<unknown>[] = [];
    for (let round = 0; round < 20; round += 1) {
      // While one row is awaited others are answered, and not yet put away.
      if (round === 3) workspace.server.release(({ text }) => !text.includes("Pay 9"));
      settling.push(session.settle());
      await delay(10);
    }
    await Promise.all(settling);
    workspace.script = null;
    workspace.server.release();
    await run.done;
    const { rows: found } = (await session.sheetRows("whole", wholeSheet, { from: 0, to: 9 }))!;
    expect(found.map(({ cells }) => cells["greeting"]![0]!.cached)).toEqual(Array.from({ length: 9 }, () => false));
  });

  test("a cell that says `run: manual` waits for a hand", async () => {
    const manual = fence("js shout", "---\nrun: manual\n---\nreturn 1");
    const session = await workspace.open(notebookText("", manual), trusted);
    await session.settle();
    expect(fresh(session, "shout")).toBe("never");
  });

  test("SQL whose answer differs from run to run waits for a hand", async () => {
    const session = await workspace.open(
      notebookText("", fence("sql dice", "select random() as eyes"), fence("sql fixed", "select 1 as one")),
      trusted,
    );
    await session.settle();
    expect([fresh(session, "dice"), fresh(session, "fixed")]).toEqual(["never", "current"]);
    await session.run({ type: "stale" }).done;
    expect(fresh(session, "dice")).toBe("current");
  });

  test("a sheet of more than 1,000 rows waits for a hand", async () => {
    const session = await workspace.open(notebookText("", rows(1_001), doubled), trusted);
    await session.settle();
    expect(await session.sheetFreshness("doubled")).toMatchObject({
      columns: { twice: [{ counts: { never: 1_001 } }] },
    });
    expect(fresh(session, "doubled")).toBe("never");
  });

  test("what took long the last time waits for a hand", async () => {
    const slow = fence("js slow", "for (let round = 0; round < 1e7; round += 1); return name");
    const session = await workspace.open(notebookText(inputs, slow), trusted);
    await session.settle();
    expect(shown(session, "slow")).toBe("Ada");
    session.state.durations.set("slow", 2_001);
    await session.setInput("name", "Grace");
    await session.settle();
    expect(fresh(session, "slow")).toBe("stale: name");
    session.state.durations.set("slow", 1_999);
    await session.settle();
    expect(shown(session, "slow")).toBe("Grace");
    expect(session.state.durations.get("slow")).toBeGreaterThanOrEqual(30);
  });

  test("a dataset file that is not there or cannot be read is told at once, and settled, until there is another", async () => {
    await mkdir(datasetPath(workspace, ""), { recursive: true });
    await writeFile(datasetPath(workspace, "short.csv"), "a,b\n1,2\n3\n");
    const session = await workspace.open(
      notebookText(
        "",
        fence("sql gone", "from 'gone.csv'"),
        fence("sql short", "from 'short.csv'"),
        fence("data nowhere", "---\nfile: gone.csv\n---\n"),
        fence("test gate", "count(short.a) == 1"),
      ),
      trusted,
    );
    const cells = ["gone", "short", "nowhere"];
    await session.settle();
    expect(cells.map((cell) => [fresh(session, cell), session.shown(cell)?.error?.message])).toEqual([
      ["current", "there is no dataset file gone.csv"],
      ["current", "short.csv, line 3: 1 field where the header has 2"],
      ["current", "there is no dataset file gone.csv"],
    ]);
    expect([fresh(session, "gate"), session.shown("gate")?.value]).toMatchObject([
      "current",
      { value: { verdict: "fail", lines: [{ sides: [expect.stringContaining("1 error"), "1"] }] } },
    ]);
    for (const name of ["short.csv", "gone.csv"]) await writeFile(datasetPath(workspace, name), "a,b\n1,2\n");
    expect(await session.lookAtFiles()).toBe(true);
    expect(cells.map((cell) => fresh(session, cell))).toEqual([
      "stale: gone.csv",
      "stale: short.csv",
      "stale: gone.csv",
    ]);
    await session.settle();
    expect([...cells, "gate"].map((cell) => session.shown(cell)!.outcome)).toEqual(["ok", "ok", "ok", "ok"]);
  });

  test("how long SQL took for which its process began says nothing of the next time", async () => {
    const session = await workspace.open(notebookText(inputs, fence("sql one", "select $name as name")), trusted);
    await session.settle();
    expect([fresh(session, "one"), session.state.durations.get("one")]).toEqual(["current", 0]);
    await session.setInput("name", "Grace");
    await session.settle();
    expect(fresh(session, "one")).toBe("current");
    expect(session.state.durations.get("one")).toBeGreaterThan(0);
  });

  test("how long a search took that made its index says nothing of the next one", async () => {
    const search = fence("retrieve found", "from: rows\ntext: word\nquery: =name\nmode: keyword");
    const words = fence("data rows", "word\nAda\nGrace");
    const session = await workspace.open(notebookText(inputs, words, search), trusted);
    await session.settle();
    expect([fresh(session, "found"), session.state.durations.get("found")]).toEqual(["current", 0]);
    await session.setInput("name", "Grace");
    await session.settle();
    expect(fresh(session, "found")).toBe("current");
    expect(session.state.durations.get("found")).toBeGreaterThan(0);
  });

  test("no run is recorded that nobody asked for", async () => {
    const session = await workspace.open(notebookText(inputs, label), { ...trusted, path: "unrecorded.md" });
    await session.settle();
    expect(await workspace.runtime.store.runs.list("unrecorded.md", 10)).toEqual([]);
    await session.run({ type: "all" }).done;
    expect(await workspace.runtime.store.runs.list("unrecorded.md", 10)).toHaveLength(1);
  });
});
