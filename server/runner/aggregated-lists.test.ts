import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { TestLine } from "#server/notebook/value.ts";
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

function lines(session: Session, cell = "gate"): readonly TestLine[] {
  const value = session.shown(cell)?.value;
  if (value?.type !== "test") throw new Error("the test has no verdict");
  return value.value.lines;
}

const told = (session: Session): readonly string[] =>
  lines(session).map(({ verdict, sides, reason }) => `${verdict} ${reason ?? sides[0]}`);

const sheet = (name: string, ...cells: readonly string[]): string =>
  fence(`sheet ${name}`, ["---\nrows: rows\n---", ...cells].join("\n"));

const rows = fence("data rows", "id,n\na,10\nb,20\nc,");
const list = fence("js list", "return [3, null, 1, 2]");

describe("an aggregate of the only result of a cell", () => {
  test("is of the elements, where that is a list, as it is of an input's or of a variable's", async () => {
    const session = await ran(
      list,
      fence("js record", "return { numbers: [4, 5], texts: ['b', 'a'] }"),
      fence(
        "template whole",
        "{{ list | sum }} {{ sum(list) }} {{ mean(list) }} {{ median(list) }} {{ list | min }} {{ max(list) }} {{ count(list) }}",
      ),
      fence("template field", "{{ sum(record.numbers) }} {{ record.texts | max }} {{ count(record.texts) }}"),
      fence("template told", "{% set given = list %}{{ given | sum }} {{ count(given) }}"),
    );
    expect(shown(session, "whole")).toBe("6 6 2 2 1 3 3");
    expect(shown(session, "field")).toBe("9 b 2");
    expect(shown(session, "told")).toBe("6 3");
  });

  test("is of the rows, where that is a table, and of what stands in a column of it", async () => {
    const session = await ran(
      rows,
      fence("sql query", "select id, n * 2 as twice from rows"),
      sheet("s", fence("js own", "return row.n")),
      fence("template told", "{{ count(rows) }} {{ sum(rows.n) }} {{ count(rows.n) }} {{ max(rows.id) }}"),
      fence("template more", "{{ mean(query.twice) }} {{ count(s) }} {{ s.n | sum }} {{ sum(s.own) }}"),
      sheet("t", fence("template share", "{{ row.n or 0 }} of {{ sum(rows.n) }}")),
      fence("js shares", "return [...t].map(({ share }) => share)"),
    );
    expect(shown(session, "told")).toBe("3 30 2 c");
    expect(shown(session, "more")).toBe("30 3 30 30");
    expect(shown(session, "shares")).toEqual(["10 of 30", "20 of 30", "0 of 30"]);
  });

  test("says in a test of how many elements", async () => {
    const gate = fence("test gate", "sum(list) == 6\ncount(rows.n) == 2\nsum(asked.numbers) == 3\nmax(list) == 2");
    const asked = "---\nmodel: server/small\nschema: { numbers: { type: array, items: { type: number } } }\n---\nAsk";
    const text = notebookText("", rows, list, fence("prompt asked", asked), gate);
    const session = await workspace.open(text);
    workspace.script = () => '{"numbers": [1, 2]}';
    await session.run({ type: "stale" }).done;
    workspace.script = null;
    expect(told(session)).toEqual([
      "pass 6 (n 3 of 4, 1 null, over 4 elements of list)",
      "pass 2 (n 2 of 3, 1 null, over 3 rows of rows)",
      "pass 3 (n 2 of 2, over 2 elements of asked)",
      "fail 3 (n 3 of 4, 1 null, over 4 elements of list)",
    ]);
  });

  test("of what SQL makes of a sheet is open until the sheet's results are settled", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        rows,
        sheet("s", fence("js own", "return row.n ?? 0")),
        fence("sql made", "select own from s"),
        fence("test gate", "sum(made.own) == 30\ncount(s.n) == 2"),
      ),
    );
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 1 } }).done;
    expect(told(session)[0]).toBe("open 2 of 3 results of `s.own` are not settled");
    await session.run({ type: "stale" }).done;
    expect(told(session)).toEqual([
      "pass 30 (n 3 of 3, over 3 rows of made)",
      "pass 2 (n 2 of 3, 1 null, over 3 rows of s)",
    ]);
  });

  test("follows the values, and is of a number as it was", async () => {
    const text = (values: string): string =>
      notebookText(
        "",
        fence("js list", `return ${values}`),
        fence("js one", "return 4"),
        fence("template told", "{{ list | sum }} {{ sum(one) }} {{ count(one) }}"),
      );
    const session = await workspace.open(text("[1, 2]"));
    await session.run({ type: "stale" }).done;
    expect(shown(session, "told")).toBe("3 4 1");
    await session.setText(text("[1, 2, 3]"));
    await session.run({ type: "stale" }).done;
    expect(shown(session, "told")).toBe("6 4 1");
  });

  test("needs numbers where it needs them, at its place", async () => {
    const session = await ran(
      rows,
      fence("template told", "{{ mean(rows.id) }}"),
      fence("template of", "{{ sum(rows) }}"),
    );
    expect(session.shown("told")!.error).toMatchObject({
      message: "`mean` needs numbers and got a text",
      position: { line: 13, column: 4 },
    });
    expect(session.shown("of")!.error!.message).toBe("`sum` needs numbers and got a mapping");
  });

  test("counts a table however long it is", async () => {
    const session = await ran(
      fence("sql many", "select range as n from range(200000)"),
      fence("template told", "{{ count(many) }}"),
      fence("template summed", "{{ sum(many.n) }}"),
    );
    expect(shown(session, "told")).toBe("200000");
    expect(session.shown("summed")!.error!.message).toBe(
      "a table of 200,000 rows is too long to be read row by row here",
    );
  });
});

describe("an aggregate of several results that are lists", () => {
  test("is an error at its place that says what to do, over labels and over rows", async () => {
    const session = await ran(
      rows,
      fence("js parts", "---\nvary: { k: [1, 2] }\n---\nreturn [vary.k, 5]"),
      fence("template labels", "{{ parts | sum }}"),
      fence("template here", "{{ sum(parts[:]) }}, {{ max(parts.at(k=2)) }}, {{ count(parts) }}"),
      sheet(
        "s",
        fence("js pieces", "return { list: [row.n] }"),
        fence("js each", "return [row.n]"),
        fence("template own", "{{ sum(each[:] | select) }}"),
        fence("template over", "{{ max(each) }}"),
      ),
      fence("template outside", "Of {{ mean(s.each) }}"),
      fence("template field", "{{ mean(s.pieces.list) }}"),
      fence("template counted", "{{ count(s.each) }} {{ count(s.pieces.list) }}"),
      fence("sql taken", "select over from s.over"),
    );
    const errorOf = (address: string) => session.shown(address)?.error;
    expect(errorOf("labels")).toMatchObject({
      code: "language.type",
      message: "`sum` needs numbers, and `parts` has lists",
      cure: "`sum(parts[:])` takes the one that is read here.",
      position: { line: 20, column: 12 },
    });
    expect(shown(session, "here")).toBe("6, 5, 2");
    expect(errorOf("outside")).toMatchObject({
      message: "`mean` needs numbers, and `s.each` has lists",
      cure: "Let a cell of the sheet make a number of each, and take that.",
    });
    expect(errorOf("field")!.message).toBe("`mean` needs numbers, and `s.pieces.list` has lists");
    expect(shown(session, "counted")).toBe("3 3");
    const [over] = (await session.sheetRows("s", wholeSheet, { from: 0, to: 1 }))!.rows[0]!.cells["over"]!;
    expect(over!.error).toMatchObject({
      message: "`max` needs numbers, and `each` has lists",
      cure: "`max(each[:])` takes the one that is read here.",
    });
  });
});
