import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CellError } from "#server/notebook/value.ts";
import type { Session } from "./session.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

async function ran(...cells: readonly string[]): Promise<Session> {
  const session = await workspace.open(notebookText("", ...cells));
  await session.run({ type: "stale" }).done;
  return session;
}

function told(session: Session): readonly string[] {
  const value = session.shown("gate")?.value;
  if (value?.type !== "test") throw new Error("the test has no verdict");
  return value.value.lines.map(({ verdict, sides, reason }) => `${verdict} ${reason ?? sides[0]}`);
}

const errorOf = (session: Session, cell: string): CellError => session.shown(cell)!.error!;

const rows = fence("data rows", "id,n\na,10\nb,20\nc,");
const sheet = (...cells: readonly string[]): string => fence("sheet s", ["---\nrows: rows\n---", ...cells].join("\n"));
const score = fence("score right", '---\noutput: "=row.id"\n---\n- contains: a\n- not-contains: b');

describe("what is not there is an error under an aggregate as it is elsewhere", () => {
  test("a column that a sheet has not, nor its rows", async () => {
    const session = await ran(
      rows,
      sheet(fence("js toxic", "return 1"), fence("js varied", "---\nvary: { k: [1, 2] }\n---\nreturn vary.k")),
      fence("template told", "Of {{ mean(s.toxik) }}"),
      fence("template counted", "{{ count(rows.iid) }}"),
      fence(
        "test gate",
        [
          "sum(s.toxik) == 0",
          "count(s.nosuch) == 0",
          "max(s.idd) == none",
          "mean(s.varried) == 1",
          "sum(s.toxic) == 3",
        ].join("\n"),
      ),
    );
    expect(errorOf(session, "told")).toMatchObject({
      code: "language.undefined",
      message: "`s` has no `toxik`; did you mean `toxic`?",
      position: { line: 28, column: 14, length: 5 },
    });
    expect(errorOf(session, "counted").message).toBe("`rows` has no `iid`; did you mean `id`?");
    expect(told(session)).toEqual([
      "fail `s` has no `toxik`; did you mean `toxic`?",
      "fail `s` has no `nosuch`",
      "fail `s` has no `idd`; did you mean `id`?",
      "fail `s` has no `varried`; did you mean `varied`?",
      "pass 3 (n 3 of 3, over 3 rows of s)",
    ]);
  });

  test("a field that no value has, in a sheet and outside, and it is open while some are to come", async () => {
    const text = notebookText(
      "",
      rows,
      sheet(
        fence("js judged", "return row.n === 10 ? { total: 1 } : { total: 2, late: 5 }"),
        fence("js toxic", "return 1"),
      ),
      fence(
        "js graded",
        "---\nvary: { k: [1, 2] }\n---\nreturn vary.k === 1 ? { total: 1, only: 4 } : { total: null }",
      ),
      fence("js nothing", "return null"),
      fence(
        "test gate",
        [
          "sum(s.judged.totl) == 0",
          "sum(s.judged.late) == 10",
          "sum(s.toxic.scor) == 0",
          "mean(graded.totl) == none",
          "mean(graded.only) == 4",
          "count(nothing.total) == 0",
          "mean(graded.totl.at(k=1)) == none",
          "mean(graded.only.at(k=1)) == 4",
          "mean(graded.only.at(k=2)) == none",
        ].join("\n"),
      ),
      fence("template told", "{{ mean(s.judged.totl) }}"),
    );
    const session = await workspace.open(text);
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 1 } }).done;
    expect(told(session).slice(0, 3)).toEqual([
      "open 2 of 3 results of `s.judged` are not settled",
      "open 2 of 3 results of `s.judged` are not settled",
      "open 2 of 3 results of `s.toxic` are not settled",
    ]);
    expect(errorOf(session, "told").message).toBe("`s.judged` has no `totl`; did you mean `total`?");
    await session.run({ type: "stale" }).done;
    expect(told(session)).toEqual([
      "fail `s.judged` has no `totl`; did you mean `total`?",
      "pass 10 (n 2 of 3, 1 unscored, over 3 rows of s)",
      "fail `s.toxic` has no `scor`",
      "fail `graded` has no `totl`; did you mean `total`?",
      "pass 4 (n 1 of 2, 1 unscored, over 2 labels of k)",
      "pass 0 (n 0 of 1, 1 null)",
      "fail `graded` has no `totl`; did you mean `total`?",
      "pass 4 (n 1 of 1)",
      "fail `graded.only` is not there at these labels",
    ]);
  });

  test("a field of a field, with what is read in its place", async () => {
    const session = await ran(
      rows,
      sheet(fence("js nested", "return { order: { total: 2 } }")),
      fence("js deep", "return { order: { totals: [1, 2] } }"),
      fence("template told", "{{ sum(deep.order.totals) }}"),
      fence("template over", "{{ sum(s.nested.order.total) }}"),
      fence("template here", "{{ sum(deep.order.totals[:]) }}"),
    );
    expect(session.diagnostics.map(({ cell, code, message, cure }) => [cell, code, message, cure])).toEqual([
      [
        "told",
        "graph.deep-field",
        "an aggregate reads results or a field of them, and `deep.order.totals` is deeper",
        "`deep.order.totals[:]` is the list that is read here.",
      ],
      [
        "over",
        "graph.deep-field",
        "an aggregate reads results or a field of them, and `s.nested.order.total` is deeper",
        "Let a cell of the sheet give it, and take that.",
      ],
    ]);
    expect(shown(session, "here")).toBe("3");
  });

  test("a field of a score or of a schema, before anything has run", async () => {
    const asked = "---\nmodel: server/small\nschema: { vendor: string, total: number }\n---\nAsk";
    const session = await workspace.open(
      notebookText(
        "",
        rows,
        sheet(score),
        fence("prompt asked", asked),
        fence("template told", "{{ mean(asked.totl) }}"),
        fence("test gate", "mean(s.right.scor) == 1"),
        fence(
          "test fine",
          "mean(s.right.score) < 1\nmean(s.right.contains) < 1\ncount(s.right.reason) == 3\nsum(asked.total) == 1",
        ),
      ),
    );
    expect(session.diagnostics.map(({ cell, code, message, cure }) => [cell, code, message, cure])).toEqual([
      ["told", "graph.unknown-field", "`asked` has no `totl`", "Did you mean `total`?"],
      ["gate", "graph.unknown-field", "`s.right` has no `scor`", "Did you mean `score`?"],
    ]);
    expect(session.diagnostics[0]!.position).toMatchObject({ line: 34, column: 9 });
    workspace.script = () => '{"vendor": "x", "total": 1}';
    await session.run({ type: "stale" }).done;
    workspace.script = null;
    expect(shown(session, "told")).toBe("nothing");
    expect(session.shown("fine")!.value).toMatchObject({ value: { verdict: "pass" } });
  });
});
