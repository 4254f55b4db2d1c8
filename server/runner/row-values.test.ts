import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import type { Session } from "./session.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const people = fence(
  "data people",
  '---\nkey: id\nformat: json\n---\n[{"id": 1, "price": 10}, {"id": 2, "price": 20}]',
);
const sheet = (configuration: string, ...cells: readonly string[]): string =>
  fence("sheet every", [`---\nrows: people\n${configuration}---`, ...cells].join("\n"));

async function ran(front: string, ...cells: readonly string[]): Promise<Session> {
  const session = await workspace.open(notebookText(front, ...cells));
  expect(session.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  await session.run({ type: "stale" }).done;
  return session;
}

/** The values of columns of the sheet `every`, row by row. */
function values(session: Session, ...columns: readonly string[]): readonly (readonly Datum[])[] {
  const value = session.shown("every")!.value;
  if (value?.type !== "table") throw new Error("the sheet has no table");
  const places = columns.map((name) => value.value.columns.findIndex((column) => column.name === name));
  return value.value.rows!.map((row) => places.map((place) => row[place]!));
}

/** What went wrong as a notebook ran. */
async function errorsOf(...cells: readonly string[]): Promise<readonly unknown[]> {
  const session = await workspace.open(notebookText("", ...cells));
  const errors: unknown[] = [];
  await session.run(
    { type: "stale" },
    { onEvent: (event) => void (event.type === "result" && errors.push(event.error)) },
  ).done;
  return errors.filter((error) => error !== null && error !== undefined);
}

describe("a formula's bare names", () => {
  test("are the row's columns, also where a cell or an input outside has the name; that is `$name`", async () => {
    const session = await ran(
      "inputs:\n  id: { type: number, default: 100 }\n",
      people,
      fence("js price", "return 1000"),
      sheet("", fence("formula bare", "id + price"), fence("formula outside", "$id + $price + price")),
    );
    expect(values(session, "bare", "outside")).toEqual([
      [11, 1110],
      [22, 1120],
    ]);
  });

  test("are the sheet's cells, its columns and the inputs its rows give before the row's columns", async () => {
    const session = await ran(
      "inputs:\n  name: { type: number, default: 0 }\n",
      people,
      fence("js twice", "return name * 2"),
      fence("js thrice", "return name * 3"),
      sheet(
        "with: { name: =row.id }\ncolumns: [twice]\n",
        fence("js price", "return row.price + 1"),
        fence("formula sum", "twice + price + name"),
        fence("formula given", "$thrice + $name"),
      ),
    );
    expect(values(session, "sum", "given")).toEqual([
      [2 + 11 + 1, 3 + 1],
      [4 + 21 + 2, 6 + 2],
    ]);
  });

  test("that the rows lack and that stand outside are an error that says how to read them", async () => {
    const cells = [people, fence("js fee", "return 1"), sheet("", fence("formula sum", "price + fee"))];
    expect(await errorsOf(...cells)).toMatchObject([
      { code: "sheet.no-column", cure: "What stands outside the sheet is `$fee` in a formula." },
    ]);
  });
});

test("code reads a column of any name", async () => {
  const rows = fence("data people", '"first name",age\nAda,36');
  expect(values(await ran("", rows, sheet("", fence("js named", "return row['first name']"))), "named")).toEqual([
    ["Ada"],
  ]);
});

test("a row that is read as a whole is an error that says to name its columns", async () => {
  for (const cell of [fence("js whole", "return Object.keys(row)"), fence("template whole", "{{ row }}")])
    expect(await errorsOf(people, sheet("", cell))).toMatchObject([
      {
        code: "sheet.whole-row",
        message: "`row` is read as a whole, and a result follows the columns it names",
        cure: 'Name those it needs, as in `row.NAME` or `row["NAME"]`. There are: id, price.',
      },
    ]);
});

test("a label that nobody entered has its type in formulas and in SQL", async () => {
  const label = (name: string, type: string): string => fence(`label ${name}`, `---\ntype: ${type}\n---\n`);
  const session = await ran(
    "",
    people,
    sheet(
      "",
      label("grade", "number"),
      label("fine", "boolean"),
      label("more", "json"),
      fence("formula better", "grade + 1"),
    ),
    fence("sql types", "select distinct typeof(grade) grade, typeof(fine) fine, typeof(more) more from every"),
    fence("sql long", "select distinct typeof(grade) grade from every.better"),
  );
  expect(values(session, "better")).toEqual([[null], [null]]);
  expect(session.shown("types")!.value).toMatchObject({ value: { rows: [["DOUBLE", "BOOLEAN", "JSON"]] } });
  expect(session.shown("long")!.value).toMatchObject({ value: { rows: [["DOUBLE"]] } });
});

test("objects keep the order of their members in a sheet, as outside", async () => {
  const object = "return { z: 1, a: { y: 2, b: 3 } }";
  const session = await ran(
    "",
    people,
    fence("js outer", object),
    fence("template outside", "{{ outer }} {{ outer | tojson }}"),
    sheet("", fence("js own", object), fence("template inside", "{{ own }} {{ own | tojson }}")),
  );
  const outside = session.shown("outside")!.value;
  expect(values(session, "inside")[0]).toEqual([outside?.type === "string" && outside.value]);
  expect(values(session, "inside")[0]![0]).toMatch(/"z".*"a".*"y".*"b"/);
});

test("the results of a column can be searched", async () => {
  const session = await ran(
    "",
    people,
    sheet("", fence("template text", "{{ 'apples' if row.id == 1 else 'pears' }}")),
    fence("retrieve found", '---\nfrom: every.text\nquery: ="pears"\nmode: keyword\nk: 1\n---\n'),
  );
  expect(session.shown("found")!.error).toBeNull();
  expect(session.shown("found")!.value).toMatchObject({ type: "table", value: { rowCount: 1 } });
});

test("a field reads the rows of a long table as a text does, and says where it is too long", async () => {
  const session = await workspace.open(
    notebookText(
      "",
      people,
      fence("sql known", "select range as n from range(300)"),
      fence("sql huge", "select range as n from range(100001)"),
      fence("template outside", "---\nwhen: =(known | map(attribute='n') | sum) == 44850\n---\n{{ known[299].n }}"),
      sheet("", fence("score found", "---\noutput: =known[row.id].n\n---\n- regex: ^[12]$")),
      fence("sql counted", "---\nwhen: =huge | length > 5\n---\nselect 1 as many"),
      fence("template listed", "---\nwhen: =huge[0].n == 0\n---\nmany"),
    ),
  );
  await session.run({ type: "stale" }).done;
  expect(session.shown("outside")!.value).toEqual({ type: "string", value: "299" });
  expect(values(session, "found").map(([score]) => score)).toMatchObject([{ score: 1 }, { score: 1 }]);
  expect(session.shown("counted")!.value).toMatchObject({ value: { rows: [[1]] } });
  expect(session.shown("listed")!.error).toMatchObject({
    code: "cell.too-many-rows",
    message: "in `when`: a table of 100,001 rows is too long to be read row by row here",
  });
});

test("SQL on a cell that is no table says what it is", async () => {
  const session = await ran("", fence("template word", "hello"), fence("sql from_word", "select *\nfrom word"));
  expect(session.shown("from_word")!.error).toMatchObject({
    code: "sql.no-table",
    message: "`word` is a text and no table",
    cure: "Use its value as `$word`.",
    position: { line: 11, column: 6 },
  });
});

test("the single repeats of a cell are no column of its table and no name", async () => {
  const text = notebookText(
    "outputs: [kin]\n",
    people,
    fence("template kind", "---\nrepeat: 2\nreduce: majority\n---\n7"),
    sheet("", fence("template size", "---\nrepeat: 2\nreduce: majority\n---\n{{ row.id }}")),
    fence("sql long", "from every.size"),
  );
  const session = await workspace.open(text);
  expect(JSON.stringify(session.diagnostics)).not.toContain("#each");
  await session.run({ type: "stale" }).done;
  const long = session.shown("long")!.value;
  expect(long?.type === "table" && long.value.columns.map(({ name }) => name)).toEqual(["id", "price", "size", "meta"]);
});
