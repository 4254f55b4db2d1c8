import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());
beforeEach(() => void workspace.sent());

const inputs = "inputs:\n  go: { type: boolean, default: false }\n";
const template = (name: string, source: string, settings = ""): string =>
  fence(`template ${name}`, settings === "" ? source : `---\n${settings}\n---\n${source}`);
const people = (settings = ""): string => fence("data people", `---\nkey: id\n${settings}---\nid,name\n1,Ada\n2,Bo`);
const asked = fence("prompt greeting", "---\nmodel: server/small\n---\nGreet {{ row.name }}");
const sheet = (settings: string, ...cells: readonly string[]): string =>
  fence("sheet letters", ["---", settings, "---", asked, ...cells].join("\n"));
/** What reads a sheet in each way there is. */
const readers = [
  fence("sql whole", "from letters"),
  fence("sql records", "from letters.greeting"),
  template("listed", "{{ letters.greeting | length }}"),
  template("counted", "{{ count(letters.greeting) }}"),
  fence("test gate", "count(letters.greeting) == 2"),
  fence("sheet next", `---\nrows: letters.greeting\n---\n${template("line", "{{ row.greeting }}")}`),
];
const names = ["letters", "whole", "records", "listed", "counted", "gate", "next"];

async function opened(...cells: readonly string[]): Promise<Session> {
  const session = await workspace.open(notebookText(inputs, ...cells), { trusted: true });
  expect(session.diagnostics).toEqual([]);
  return session;
}

async function ran(session: Session): Promise<Session> {
  await session.run({ type: "stale" }).done;
  return session;
}

const outcomes = (session: Session): readonly string[] =>
  names.map((name) => [session.shown(name)!.outcome, ...session.shown(name)!.because].join(" "));

describe("a sheet whose rows are skipped", () => {
  test("is skipped, with what reads it or a column of it, and nothing is sent", async () => {
    const session = await opened(people("when: =go\n"), sheet("rows: people"), ...readers);
    await ran(session);
    expect(outcomes(session)).toEqual(names.map(() => "skipped"));
    expect(workspace.sent()).toEqual([]);
    expect(names.map((name) => fresh(session, name))).toEqual(names.map(() => "current"));
    const { known, open } = await session.estimate({ type: "all" });
    expect([known.calls, open]).toEqual([0, 0]);
  });

  test("is computed once they are there, and skipped again without them", async () => {
    const session = await ran(await opened(people("when: =go\n"), sheet("rows: people"), ...readers));
    await session.setInput("go", true);
    await ran(session);
    expect(outcomes(session)).toEqual(names.map(() => "ok"));
    expect([shown(session, "listed"), shown(session, "counted")]).toEqual(["2", "2"]);
    expect(workspace.sent()).toEqual(["Greet Ada", "Greet Bo"]);
    await session.setInput("go", false);
    expect(fresh(session, "letters")).toBe("stale: people");
    await ran(session);
    expect(outcomes(session)).toEqual(names.map(() => "skipped"));
  });

  test("is read like anything skipped: through `first` and `optional` what reads it is computed, and a test of that holds", async () => {
    const session = await ran(
      await opened(
        people("when: =go\n"),
        sheet("rows: people"),
        template("either", "{{ first(letters, 'nobody') }}"),
        template("absent", "{{ letters is none }}", "optional: [letters]"),
        fence("test gate", 'either == "nobody"'),
      ),
    );
    expect([shown(session, "either"), shown(session, "absent")]).toEqual(["nobody", "true"]);
    expect(session.shown("gate")!.value).toMatchObject({ value: { verdict: "pass" } });
  });
});

describe("a sheet whose rows come out without a value", () => {
  test("is blocked by what gives them, and what reads it is blocked by it", async () => {
    const broken = fence("sql people", "select error('no luck') as name");
    const session = await ran(await opened(broken, sheet("rows: people"), ...readers));
    expect(outcomes(session)).toEqual(["blocked people", ...names.slice(1).map(() => "blocked letters")]);
    expect(session.shown("letters")!.error).toMatchObject({
      code: "cell.blocked-by-error",
      message: "blocked by `people`",
      cure: "Mend or run `people` first.",
    });
    expect(names.map((name) => fresh(session, name))).toEqual(names.map(() => "current"));
  });

  test("is blocked also where they wait, and goes on when they are there", async () => {
    const session = await ran(
      await opened(
        fence("prompt word", "---\nmodel: local/gemma-3-270m\ncompletion: true\n---\nOnce"),
        fence("sql people", "select 1 as id, $word as name"),
        sheet("rows: people"),
        ...readers,
      ),
    );
    expect(outcomes(session)).toEqual(["blocked people", ...names.slice(1).map(() => "blocked letters")]);
    await session.note({ type: "edited", address: "word", value: { type: "string", value: "Ada" } });
    await ran(session);
    expect(outcomes(session)).toEqual(names.map(() => "ok"));
  });
});

describe("a sheet whose `when` is false", () => {
  const cells = (when = "=go"): readonly string[] => [
    people(),
    sheet(`rows: people\nwhen: ${when}`, template("told", "{{ greeting }}!"), template("own", "{{ row.id }}")),
    ...readers,
  ];

  test("is skipped whole: its table, every cell in it, and what reads it or a column of it; nothing is sent", async () => {
    const session = await ran(await opened(...cells()));
    expect(outcomes(session)).toEqual(names.map(() => "skipped"));
    const { columns } = (await session.sheetFreshness("letters", { exact: true }))!;
    for (const column of ["greeting", "told", "own"])
      expect(columns[column]).toMatchObject([{ counts: { current: 2 }, outcomes: { skipped: 2 } }]);
    expect(workspace.sent()).toEqual([]);
    expect(names.map((name) => fresh(session, name))).toEqual(names.map(() => "current"));
    const { known, open } = await session.estimate({ type: "all" });
    expect([known.calls, open]).toEqual([0, 0]);
  });

  test("is computed once it is true, and skipped again; what was answered is not asked again", async () => {
    const session = await ran(await opened(...cells()));
    await session.setInput("go", true);
    expect(names.slice(0, 2).map((name) => fresh(session, name))).toEqual(["stale: when(letters)", "stale: letters"]);
    const { known, open } = await session.estimate({ type: "cells", cells: ["letters"] });
    expect([known.calls, open]).toEqual([0, 2]);
    await ran(session);
    expect(outcomes(session)).toEqual(names.map(() => "ok"));
    const { columns } = (await session.sheetFreshness("letters", { exact: true }))!;
    expect(columns["told"]).toMatchObject([{ counts: { current: 2 }, outcomes: { ok: 2 } }]);
    await session.setInput("go", false);
    await ran(session);
    expect(outcomes(session)).toEqual(names.map(() => "skipped"));
    await session.setInput("go", true);
    workspace.sent();
    await ran(session);
    expect([outcomes(session), workspace.sent()]).toEqual([names.map(() => "ok"), []]);
  });

  test("is skipped after a restart too, and before it has run what it would send is open", async () => {
    const text = notebookText(inputs, ...cells());
    const session = await workspace.open(text, { path: "closed.md" });
    const { known, open } = await session.estimate({ type: "cells", cells: ["letters"] });
    expect([known.calls, open]).toEqual([0, 1]);
    await ran(session);
    await workspace.restart();
    const again = await workspace.open(text, { path: "closed.md" });
    await again.refresh();
    expect(outcomes(again)).toEqual(names.map(() => "skipped"));
    expect(names.map((name) => fresh(again, name))).toEqual(names.map(() => "current"));
  });

  test("sends nothing for cells outside that are its columns either, whatever `with` binds", async () => {
    const session = await opened(
      people(),
      fence("prompt reply", "---\nmodel: server/small\nrepeat: 2\nreduce: majority\n---\n{{ go }}"),
      fence("sheet every", "---\nrows: people\nwhen: =go\nwith: { go: =row.name }\ncolumns: [reply]\n---"),
    );
    await session.run({ type: "cells", cells: ["every"] }).done;
    expect([session.shown("every")!.outcome, workspace.sent()]).toEqual(["skipped", []]);
  });

  test("is skipped whatever is wrong with its rows", async () => {
    const session = await ran(
      await opened(
        people(),
        fence(
          "sheet every",
          `---\nrows: people\nkey: nowhere\nwhen: false\n---\n${template("line", "{{ row.none }}")}`,
        ),
      ),
    );
    expect([session.shown("every")!.outcome, fresh(session, "every")]).toEqual(["skipped", "current"]);
  });

  test("is skipped by itself, where nobody runs it", async () => {
    const session = await opened(...cells());
    await session.settle();
    expect(outcomes(session)).toEqual(names.map(() => "skipped"));
    expect(workspace.sent()).toEqual([]);
  });
});

describe("what a sheet's `when` reads", () => {
  const over = (name: string, settings: string): string =>
    fence(`sheet ${name}`, `---\nrows: people\n${settings}\n---\n${template(`line_of_${name}`, "{{ row.id }}")}`);

  test("is inputs and cells outside, columns of other sheets too; an equal answer makes nothing stale", async () => {
    const session = await ran(
      await opened(
        people(),
        fence("sheet sized", `---\nrows: people\n---\n${fence("js size", "return row.id + (go ? 1 : 0)")}`),
        template("enough", "{{ go }}"),
        over("every", 'when: =mean(sized.size) > 2 and enough != "false"'),
      ),
    );
    expect(session.shown("every")!.outcome).toBe("skipped");
    await session.setInput("go", true);
    await ran(session);
    expect(session.shown("every")).toMatchObject({ outcome: "ok", value: { value: { rowCount: 2 } } });
    await session.note({ type: "edited", address: "enough", value: { type: "string", value: "yes" } });
    expect(fresh(session, "every")).toBe("stale: when(every)");
    await session.settle();
    expect((await session.sheetFreshness("every", { exact: true }))!.columns["line_of_every"]).toMatchObject([
      { counts: { current: 2 }, outcomes: { ok: 2 } },
    ]);
    expect(fresh(session, "every")).toBe("current");
  });

  test("blocks the sheet where it fails, and skips it where it is skipped", async () => {
    const session = await ran(
      await opened(
        people(),
        fence("js broken", "throw new Error('no luck')"),
        over("every", "when: =broken"),
        template("off", "", "when: =go"),
        over("other", "when: =off == ''"),
        template("reads", "{{ every.line_of_every | length }}"),
      ),
    );
    expect(session.shown("every")).toMatchObject({ outcome: "blocked", because: ["broken"] });
    expect(session.shown("reads")).toMatchObject({ outcome: "blocked", because: ["every"] });
    expect(session.shown("other")!.outcome).toBe("skipped");
  });

  test("is an error of the sheet where it cannot be worked out, at its place", async () => {
    const session = await ran(
      await opened(people(), over("every", "when: =go.x.y"), template("reads", "{{ every | length }}")),
    );
    expect(session.shown("every")).toMatchObject({ outcome: "error", error: { position: { line: 19 } } });
    expect(session.shown("reads")).toMatchObject({ outcome: "blocked", because: ["every"] });
    const rows = (await session.sheetRows("every", wholeSheet, { from: 0, to: 1 }))!.rows;
    expect(rows[0]!.cells["line_of_every"]![0]!.error).toMatchObject({
      code: "cell.blocked-by-error",
      message: expect.stringMatching(/^blocked by `every`: in `when`: /),
      position: { line: 19 },
    });
  });

  test("is no `row`, and nothing that varies: both are errors of the sheet, at their place", async () => {
    const session = await workspace.open(
      notebookText(
        inputs,
        people(),
        over("every", "when: =row.id > 1"),
        template("mood", "{{ vary.tone }}", "vary: { tone: [good, bad] }"),
        fence("sheet other", `---\nrows: people\nwhen: =mood == 'good'\n---\n${asked}`),
        over("third", "when: =mood.at(tone='good') == 'good'"),
      ),
    );
    expect(session.diagnostics.map(({ code, cell, position }) => [code, cell, position.line])).toEqual([
      ["sheet.condition-on-row", "every", 19],
      ["sheet.condition-varies", "other", 36],
    ]);
    expect(session.diagnostics.map(({ message, cure }) => `${message}. ${cure}`)).toEqual([
      "`when` of `every` reads `row`, and a sheet is computed or skipped as a whole. Write `when` in a cell of the sheet: there it is decided for each row.",
      '`when` of `other` reads `mood`, which varies `tone`, and a sheet is computed or skipped as a whole. Read one label: `mood.at(tone="good")`.',
    ]);
    await ran(session);
    expect([workspace.sent(), session.shown("third")!.outcome]).toEqual([[], "ok"]);
  });
});

describe("settings of a sheet", () => {
  test("`run: manual` holds for its columns: none runs by itself", async () => {
    const session = await opened(
      people(),
      fence("sheet every", `---\nrows: people\nrun: manual\n---\n${template("line", "x")}`),
    );
    await session.settle();
    expect((await session.sheetFreshness("every"))!.columns["line"]).toMatchObject([{ counts: { never: 2 } }]);
    await ran(session);
    expect(session.shown("every")!.outcome).toBe("ok");
  });

  test("`after` holds for all its cells", async () => {
    const begun: string[] = [];
    workspace.script = (prompt) => {
      if (prompt === "first") return { text: "done", delay: 200 };
      begun.push(workspace.server.requests().find(({ text }) => text.includes('"first"'))!.state);
      return "answer";
    };
    const session = await ran(
      await opened(
        people(),
        fence("prompt before", "---\nmodel: server/small\n---\nfirst"),
        fence(
          "sheet every",
          `---\nrows: people\nafter: before\n---\n${fence("prompt reply", "---\nmodel: server/small\n---\nthen {{ row.id }}")}`,
        ),
      ),
    );
    workspace.script = null;
    expect(session.shown("every")!.outcome).toBe("ok");
    expect(begun).toEqual(["finished", "finished"]);
  });

  test("those that mean nothing on a sheet are warnings at their place, each once", async () => {
    const session = await workspace.open(
      notebookText(
        inputs,
        people(),
        fence(
          "sheet every",
          `---\nrows: people\nvary: { t: [1, 2] }\nrepeat: 2\nreduce: majority\ncache: never\nrun: auto\noptional: [go]\n---\n${template("line", "x")}`,
        ),
      ),
    );
    expect(session.diagnostics.map(({ severity, message, position }) => [severity, message, position.line])).toEqual([
      ["warning", "`vary` has no effect on a sheet", 19],
      ["warning", "`repeat` has no effect on a sheet", 20],
      ["warning", "`reduce` has no effect on a sheet", 21],
      ["warning", "`cache` has no effect on a sheet", 22],
      ["warning", "`run: auto` has no effect on a sheet", 23],
      ["warning", "`optional` has no effect on a sheet", 24],
    ]);
    await ran(session);
    expect(session.shown("every")).toMatchObject({ outcome: "ok", value: { value: { rowCount: 2 } } });
  });
});
