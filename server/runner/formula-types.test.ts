import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Session } from "./session.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

/** The sheet `s` over the rows of a cell `d`. */
const sheetOf = (rows: string, ...cells: readonly string[]): string =>
  notebookText("", rows, fence("sheet s", ["---\nrows: d\n---", ...cells].join("\n")));

/** What a column says row by row, or the code of its error. */
async function shown(session: Session, column = "f"): Promise<readonly unknown[]> {
  const { rows } = (await session.sheetRows("s", wholeSheet, { from: 0, to: 9 }))!;
  return rows.map(({ cells }) => {
    const cell = cells[column]![0];
    if (cell == null) return null;
    return cell.error === null ? ((cell.value as { readonly value?: unknown } | null)?.value ?? null) : cell.error.code;
  });
}

async function ran(text: string): Promise<Session> {
  const session = await workspace.open(text, { trusted: true });
  await session.run({ type: "stale" }).done;
  return session;
}

describe("a formula gives a row what it gives it in the whole column", () => {
  const asText = fence("formula f", "x::varchar || ' EUR'");
  const numbers = (...values: readonly string[]): string =>
    fence("data d", ["---\nkey: id\n---\nid,x", ...values.map((value, index) => `${index + 1},${value}`)].join("\n"));

  test("where the row alone was changed", async () => {
    const session = await ran(sheetOf(numbers("1.5", "2.5", "3.5"), asText));
    await session.setText(sheetOf(numbers("1.5", "2.5", "4.0"), asText));
    await session.run({ type: "stale" }).done;
    expect(await shown(session)).toEqual(["1.5 EUR", "2.5 EUR", "4.0 EUR"]);
  });

  test("where the others came to be of another type because of one", async () => {
    const session = await ran(sheetOf(numbers("1", "2", "3"), asText));
    expect(await shown(session)).toEqual(["1 EUR", "2 EUR", "3 EUR"]);
    await session.setText(sheetOf(numbers("1", "2", "3.5"), asText));
    await session.run({ type: "stale" }).done;
    expect(await shown(session)).toEqual(["1.0 EUR", "2.0 EUR", "3.5 EUR"]);
  });

  test("where a cell that it reads came to give another type", async () => {
    const text = (type: string): string =>
      sheetOf(numbers("7"), fence("label own", `---\ntype: ${type}\n---\n`), fence("formula f", "own::varchar"));
    const session = await ran(text("json"));
    await session.note({ type: "label", address: "s.own{s=1}", value: 4 });
    await session.run({ type: "stale" }).done;
    expect(await shown(session)).toEqual(["4"]);
    await session.setText(text("number"));
    await session.run({ type: "stale" }).done;
    expect(await shown(session)).toEqual(["4.0"]);
  });

  test("where only the first rows were run", async () => {
    const session = await ran(sheetOf(numbers("1", "2.5"), fence("js own", "return 1"), asText));
    const anew = await workspace.open(sheetOf(numbers("1", "2.5", "3"), asText), { trusted: false });
    await anew.run({ type: "stale" }, { everySheet: { type: "first", count: 1 } }).done;
    expect((await shown(anew))[0]).toBe((await shown(session))[0]);
  });

  test("where what another cell gives has no type of its own", async () => {
    const own = fence("js own", "return { 1: null, 2: 'a', 3: 4, 4: 2.5, 5: [1] }[row.x]");
    const text = (rows: string): string =>
      sheetOf(rows, own, fence("formula f", "typeof(own) || ' ' || coalesce(own::varchar, 'none')"));
    const session = await ran(text(numbers("5", "1", "2", "3", "4")));
    const whole = await shown(session);
    expect(whole).toEqual(["JSON [1]", '"NULL" none', "VARCHAR a", "BIGINT 4", "DOUBLE 2.5"]);
    for (const [index, value] of ["5", "1", "2", "3", "4"].entries())
      expect(await shown(await ran(text(numbers(value))))).toEqual([whole[index]]);
  });
});

describe("a formula reads a column in the type its table has", () => {
  const typed = fence(
    "sql d",
    `from (values
      (1, date '2026-01-05', 1.50::decimal(10,2), 170141183460469231731687303715884105727::hugeint, '\\xAA'::blob, {'a': 1}, '"x"'::json),
      (2, date '2026-02-28', 2.00::decimal(10,2), 2::hugeint, null, null, null)) t(id, day, price, big, bytes, pair, loose)`,
  );

  test("dates can be reckoned with", async () => {
    const session = await ran(sheetOf(typed, fence("formula f", "(day + interval 1 day)::date")));
    expect(await shown(session)).toEqual(["2026-01-06", "2026-03-01"]);
  });

  test("decimals keep their digits, and whole numbers of any length are exact", async () => {
    const session = await ran(
      sheetOf(typed, fence("formula f", "price::varchar"), fence("formula g", "(big - 1)::varchar")),
    );
    expect(await shown(session)).toEqual(["1.50", "2.00"]);
    expect(await shown(session, "g")).toEqual(["170141183460469231731687303715884105726", "1"]);
  });

  test("bytes, objects and JSON are what they are, also where there are none", async () => {
    const types =
      "concat_ws(' ', typeof(bytes), typeof(pair), typeof(loose), octet_length(bytes), pair.a, loose::varchar)";
    const session = await ran(sheetOf(typed, fence("formula f", types)));
    expect(await shown(session)).toEqual(['BLOB STRUCT(a INTEGER) JSON 1 1 "x"', "BLOB STRUCT(a INTEGER) JSON"]);
  });

  test("also under the name of an input that the rows give", async () => {
    const session = await ran(
      notebookText(
        "inputs:\n  since: { type: string, default: '' }\n",
        typed,
        fence("sheet s", `---\nrows: d\nwith: { since: =row.day }\n---\n${fence("formula f", "year(since)")}`),
      ),
    );
    expect(await shown(session)).toEqual([2026, 2026]);
  });
});

test("a value by hand that is not of its cell's type counts as what it is", async () => {
  const rows = fence("data d", "---\nkey: id\n---\nid\n1\n2");
  const text = sheetOf(rows, fence("label grade", "type: number"), fence("formula f", "typeof(grade)"));
  const session = await ran(text);
  await session.note({ type: "edited", address: "s.grade{s=1}", value: { type: "string", value: "good" } } as never);
  await session.run({ type: "stale" }).done;
  expect(await shown(session)).toEqual(["VARCHAR", "DOUBLE"]);
});

describe("what fails at a row is that row's error", () => {
  const rows = (...texts: readonly string[]): string =>
    fence("data d", ["---\nkey: id\n---\nid,text", ...texts.map((text, index) => `${index + 1},${text}`)].join("\n"));

  test("of a value that does not convert, in its own words", async () => {
    const session = await ran(sheetOf(rows("7", "abc", "8", "def", ""), fence("formula f", "text::int")));
    expect(await shown(session)).toEqual([7, "sql.value", 8, "sql.value", null]);
    const { rows: found } = (await session.sheetRows("s", wholeSheet, { from: 0, to: 9 }))!;
    expect([1, 3].map((row) => /'(\w+)'/.exec(found[row]!.cells["f"]![0]!.error!.message)?.[1])).toEqual([
      "abc",
      "def",
    ]);
  });

  test("while an expression that is none is the error of all", async () => {
    const session = await ran(sheetOf(rows("7", "abc"), fence("formula f", "nothing_like(text)")));
    expect(await shown(session)).toEqual(["sql.name", "sql.name"]);
  });

  test("and so is one at a row beside chance and window functions, which SQL cannot try", async () => {
    const session = await ran(sheetOf(rows("7", "abc"), fence("formula f", "text::int + 0 * random()")));
    expect(await shown(session)).toEqual(["sql.value", "sql.value"]);
  });
});
