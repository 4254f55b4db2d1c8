import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const tickets = (rows: readonly string[], key = "key: id\n"): string =>
  fence("data tickets", [`---\n${key}format: csv\n---\nid,text`, ...rows].join("\n"));
const triage = (...cells: readonly string[]): string =>
  fence("sheet triage", ["---\nrows: tickets\n---", ...cells].join("\n"));
const review = (rows: string, ...cells: readonly string[]): string =>
  fence("sheet review", [`---\nrows: ${rows}\n---`, ...cells].join("\n"));
const topic = (source: string, configuration = ""): string =>
  fence("prompt topic", `---\nmodel: server/small\n${configuration}---\n${source}`);
const tones = "vary: { tone: [warm, cold] }\n";
const judge = fence("prompt verdict", "---\nmodel: server/small\n---\njudge {{ row.topic }}");
const template = (name: string, source: string): string => fence(`template ${name}`, source);

async function ran(...cells: readonly string[]): Promise<Session> {
  const session = await workspace.open(notebookText("", ...cells));
  expect(session.diagnostics).toEqual([]);
  await session.run({ type: "stale" }).done;
  workspace.sent();
  return session;
}

/** The values of columns of a sheet, row by row. */
function values(session: Session, sheet: string, ...columns: readonly string[]): readonly (readonly Datum[])[] {
  const { value, error } = session.shown(sheet)!;
  if (value?.type !== "table") throw new Error(`the sheet has no table: ${error?.message}`);
  const places = columns.map((name) => value.value.columns.findIndex((column) => column.name === name));
  return value.value.rows!.map((row) => places.map((place) => row[place]!));
}

const counts = async (session: Session, sheet: string): Promise<unknown> => {
  const found = await session.sheetFreshness(sheet, { exact: true });
  return (
    found && Object.fromEntries(Object.entries(found.columns).map(([column, [variant]]) => [column, variant!.counts]))
  );
};

describe("a sheet over another sheet's column", () => {
  test("has a row for each of its records, with all of their columns", async () => {
    const session = await ran(
      tickets(["1,one", "2,two"]),
      triage(topic("{{ vary.tone }} {{ row.text }}", tones)),
      review("triage.topic", template("line", "{{ row.id }} {{ row.text }} {{ row.tone }}: {{ row.topic }}")),
      fence("sql lines", "select line from review order by line"),
    );
    expect(values(session, "review", "line")).toEqual([
      ["1 one warm: <warm one>"],
      ["1 one cold: <cold one>"],
      ["2 two warm: <warm two>"],
      ["2 two cold: <cold two>"],
    ]);
    expect(session.shown("lines")!.value).toMatchObject({ value: { rowCount: 4 } });
  });

  test("at fixed labels has those records alone", async () => {
    const session = await ran(
      tickets(["1,one", "2,two"]),
      triage(topic("{{ vary.tone }} {{ row.text }}", tones)),
      review('=triage.topic.at(tone="cold")', template("line", "{{ row.tone }}: {{ row.topic }}")),
    );
    expect(values(session, "review", "line")).toEqual([["cold: <cold one>"], ["cold: <cold two>"]]);
  });

  test("reads what is nested in them, in templates, code and formulas", async () => {
    const code = "if (row.id === 2) throw new Error('even'); return { label: 'a' + row.id, tags: [row.id, 'x'] }";
    const session = await ran(
      tickets(["1,one", "2,two", "3,three"]),
      triage(fence("js found", code)),
      review(
        "triage.found",
        fence("template fine", '---\nwhen: =row.meta.outcome == "ok"\n---\n{{ row.label }} {{ row.tags }}'),
        fence("js facts", "return [row.meta.calls, row.meta.error]"),
        fence("formula state", "meta.outcome || ' ' || meta.state"),
        fence("formula size", "len(tags)"),
        fence("formula failed", "meta.outcome = 'error'"),
      ),
    );
    expect(values(session, "review", "fine", "facts", "state", "size", "failed")).toEqual([
      ['a1 [1, "x"]', [0, null], "ok current", 2, false],
      [null, [0, "Error: even"], "error current", null, true],
      ['a3 [3, "x"]', [0, null], "ok current", 2, false],
    ]);
  });

  test("of a hundred rows and more, and of a sheet of a column again", async () => {
    const session = await ran(
      fence("sql tickets", "select range as id from range(150)"),
      triage(fence("formula twice", "id * 2")),
      review("triage.twice", fence("formula four", "twice * 2 + meta.calls")),
      fence("sheet last", ["---\nrows: review.four\n---", fence("formula eight", "four * 2")].join("\n")),
      fence("sql sum", "select sum(eight) from last"),
    );
    expect(session.shown("sum")!.value).toMatchObject({ value: { rows: [[(149 * 150 * 8) / 2]] } });
  });

  test("without rows to be had says why", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        tickets(["1,one", "1,two"]),
        triage(template("fine", "a"), template("broken", "{{ nobody }}")),
        review("triage.broken", template("line", "a")),
        fence("sheet second", ["---\nrows: triage.fine\n---", template("line_2", "a")].join("\n")),
      ),
    );
    await session.run({ type: "stale" }).done;
    expect(session.shown("review")).toMatchObject({
      outcome: "blocked",
      because: ["triage.broken"],
      error: { message: "blocked by `triage.broken`" },
    });
    expect(session.shown("tickets")!.error).toMatchObject({ code: "data.duplicate-key" });
    expect(session.shown("second")).toMatchObject({ outcome: "blocked", because: ["triage"] });
  });

  test("two over each other are a cycle, and looking at them ends", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        fence("sheet one", ["---\nrows: two.b\n---", template("a", "{{ row.b }}"), template("c", "x")].join("\n")),
        fence("sheet two", ["---\nrows: one.a\n---", template("b", "{{ row.a }}")].join("\n")),
      ),
    );
    expect(session.diagnostics.map(({ code }) => code)).toContain("graph.cycle");
    await session.run({ type: "stale" }).done;
    await session.refresh();
    expect(await session.sheetFreshness("one")).toBeNull();
  });
});

describe("its rows have an identity", () => {
  test("by what the sheet reads of them: what a call cost or took makes nothing stale", async () => {
    const session = await ran(
      tickets(["1,one", "2,two", "3,two"], ""),
      triage(topic("a {{ vary.tone }} {{ row.text }}", tones)),
      review("triage.topic", judge),
    );
    expect(await counts(session, "review")).toEqual({ verdict: { current: 6 } });
    // Asked anew, the answers are the same and their latencies are not.
    await session.run({ type: "cells", cells: ["triage"] }, { again: true, everySheet: { type: "all" } }).done;
    workspace.sent();
    await session.run({ type: "stale" }).done;
    expect([workspace.sent(), await counts(session, "review")]).toEqual([[], { verdict: { current: 6 } }]);
    expect(fresh(session, "review")).toBe("current");
  });

  test("so that only records that came out differently are computed again", async () => {
    const text = (prompt: string): readonly string[] => [
      tickets(["1,one", "2,two"]),
      triage(topic(prompt)),
      review("triage.topic", judge),
    ];
    const session = await ran(...text("b {{ row.text }}"));
    await session.setText(notebookText("", ...text("b {{ row.text if row.id == 1 else 'zwei' }}")));
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual(["b zwei", "judge <b zwei>"]);
  });

  test("by the key of the rows above where each has one record, so that what people say stays with it", async () => {
    const text = (rows: readonly string[]): string =>
      notebookText("", tickets(rows), triage(template("topic", "c {{ row.text }}")), review("triage.topic", judge));
    const session = await workspace.open(text(["1,same", "2,same", "3,same"]));
    await session.run({ type: "stale" }).done;
    await session.note({
      address: "review.verdict{review=2}",
      type: "edited",
      value: { type: "string", value: "mine" },
    });
    await session.setText(text(["1,other", "2,same"]));
    await session.run({ type: "stale" }).done;
    expect(values(session, "review", "id", "verdict")).toEqual([
      [1, "<judge c other>"],
      [2, "mine"],
    ]);
  });

  test("by a key of its own", async () => {
    const session = await ran(
      tickets(["1,one", "2,two"], ""),
      triage(template("topic", "d {{ row.text }}")),
      fence("sheet review", ["---\nrows: triage.topic\nkey: topic\n---", judge].join("\n")),
    );
    const states = (await session.rowStates("review", 0, 9))!["verdict"]!;
    expect(states.map(({ row }) => row)).toEqual(["d one", "d two"]);
  });
});

describe("its freshness", () => {
  const text = (prompt: string): string =>
    notebookText(
      "",
      tickets(["1,one", "2,two"]),
      triage(topic(prompt)),
      review("triage.topic", judge),
      fence("test gate", "count(review.verdict) == 2"),
    );

  test("is stale while the column is, current again when the edit is undone, and cut off where it comes out as before", async () => {
    const session = await workspace.open(text("e {{ row.text }}"));
    await session.run({ type: "stale" }).done;
    const all = (): readonly string[] => ["triage", "review", "gate"].map((cell) => fresh(session, cell));
    expect(all()).toEqual(["current", "current", "current"]);
    await session.setText(text("f {{ row.text }}"));
    expect(all()).toEqual(["stale: topic", "stale: triage.topic", "stale: review.verdict"]);
    expect(await session.sheetFreshness("review")).toBeNull();
    await session.setText(text("e {{ row.text }}"));
    expect(all()).toEqual(["current", "current", "current"]);
    expect(await counts(session, "review")).toEqual({ verdict: { current: 2 } });

    const before = session.state.results.get("gate");
    await session.setText(text("{{ 'e' }} {{ row.text }}"));
    workspace.sent();
    await session.run({ type: "stale" }).done;
    expect([workspace.sent(), all()]).toEqual([[], ["current", "current", "current"]]);
    expect(session.state.results.get("gate")).toBe(before);
  });

  test("is stale while only some of the column has run, and knows it when the rest has", async () => {
    const session = await workspace.open(text("g {{ row.text }}"));
    await session.run({ type: "stale" }, { rows: { triage: { type: "first", count: 1 } } }).done;
    expect(fresh(session, "review")).toBe("stale: triage.topic");
    expect(await session.sheetFreshness("review")).toBeNull();
    await session.run({ type: "cells", cells: ["triage"] }).done;
    // The record that had come out before is as it was.
    expect(await counts(session, "review")).toEqual({ verdict: { current: 1, "stale-input": 1 } });
    await session.run({ type: "stale" }).done;
    expect([fresh(session, "review"), fresh(session, "gate")]).toEqual(["current", "current"]);
  });

  test("hangs on the rows above too", async () => {
    const session = await workspace.open(text("h {{ row.text }}"));
    await session.run({ type: "stale" }).done;
    await session.setText(text("h {{ row.text }}").replace("2,two", "2,zwei"));
    expect(["triage", "review", "gate"].map((cell) => fresh(session, cell))).toEqual([
      "stale: tickets",
      "stale: triage.topic",
      "stale: review.verdict",
    ]);
  });

  test("holds after a restart, once it has been looked at", async () => {
    const session = await workspace.open(text("i {{ row.text }}"), { path: "below.md" });
    await session.run({ type: "stale" }).done;
    await workspace.restart();
    const again = await workspace.open(text("i {{ row.text }}"), { path: "below.md" });
    await again.refresh();
    expect([fresh(again, "review"), fresh(again, "gate")]).toEqual(["current", "current"]);
    workspace.sent();
    await again.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual([]);
  });

  test("lets it run by itself where the column is settled", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        tickets(["1,one", "2,two"]),
        triage(fence("formula size", "length(text)")),
        review("triage.size", fence("formula twice", "size * 2")),
      ),
      { trusted: true },
    );
    await session.settle();
    expect(values(session, "review", "twice")).toEqual([[6], [6]]);
    expect(fresh(session, "review")).toBe("current");
  });

  test("decides what an estimate knows", async () => {
    const session = await workspace.open(text("j {{ row.text }}"));
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 0 }, open: 2 });
    await session.run({ type: "cells", cells: ["triage"] }).done;
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 2 }, open: 0 });
  });
});
