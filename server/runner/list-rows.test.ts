import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Datum } from "#server/notebook/value.ts";
import { inputsOfRow } from "./inputs-of-row.ts";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());
beforeEach(() => void workspace.sent());

const inputs = `inputs:
  message: { type: string, default: Hi }
  colours: { type: json, default: [red, green, blue] }
`;
const topic = fence("prompt topic", "---\nmodel: server/small\n---\n{{ message }}");

function sheet(settings: string, ...cells: readonly string[]): string {
  return fence("sheet triage", `---\n${settings}\n---\n${cells.join("\n")}`);
}

async function opened(...cells: readonly string[]): Promise<Session> {
  const session = await workspace.open(notebookText(inputs, ...cells), { trusted: true });
  expect(session.diagnostics).toEqual([]);
  return session;
}

async function ran(...cells: readonly string[]): Promise<Session> {
  const session = await opened(...cells);
  await session.run({ type: "stale" }).done;
  return session;
}

/** The rows of a cell's table. */
async function rows(session: Session, cell = "triage"): Promise<readonly (readonly Datum[])[]> {
  const shown = session.shown(cell);
  if (shown?.value?.type !== "table") throw new Error(`${cell} has no table: ${JSON.stringify(shown)}`);
  return workspace.runtime.tables.rows(shown.value.value, 0, 1000);
}

/** What a cell's table is called by its columns. */
function columns(session: Session, cell = "triage"): readonly string[] {
  const value = session.shown(cell)?.value;
  return value?.type === "table" ? value.value.columns.map(({ name, sql }) => `${name} ${sql}`) : [];
}

describe("a sheet goes over the elements of a list", () => {
  const words = fence("template word", "{{ item }} {{ index }}");

  test("that an input gives, and what it binds is that of the element", async () => {
    const session = await ran(topic, sheet("rows: colours\nwith: { message: =item }\ncolumns: [topic]", words));
    expect(columns(session)).toEqual(["item VARCHAR", "index BIGINT", "topic VARCHAR", "word VARCHAR"]);
    expect(await rows(session)).toEqual([
      ["red", 0, "<red>", "red 0"],
      ["green", 1, "<green>", "green 1"],
      ["blue", 2, "<blue>", "blue 2"],
    ]);
    expect(workspace.sent()).toEqual(["Hi", "blue", "green", "red"]);
  });

  test.each([
    ["that stands in the settings", "rows: [red, green]", []],
    ["that code gives", "rows: made", [fence("js made", "return ['red', 'green']")]],
    ["that an expression gives", "rows: =colours[:2]", []],
    ["that is a part of a value", "rows: made.list", [fence("js made", "return { list: ['red', 'green'] }")]],
    ["that is named as an expression", "rows: =made.list", [fence("js made", "return { list: ['red', 'green'] }")]],
    ["with expressions among its elements", 'rows: ["=colours[0]", green]', []],
  ])("%s", async (_, settings, cells) => {
    const session = await ran(...cells, sheet(settings, words));
    expect(await rows(session)).toEqual([
      ["red", 0, "red 0"],
      ["green", 1, "green 1"],
    ]);
  });

  test("that a model gives", async () => {
    workspace.script = () => JSON.stringify({ topics: ["cards", "cash"] });
    const found = fence(
      "prompt found",
      "---\nmodel: server/small\nschema: { type: object, properties: { topics: { type: array, items: { type: string } } }, required: [topics] }\n---\nName topics.",
    );
    const session = await ran(found, sheet("rows: found.topics", words));
    workspace.script = null;
    expect(await rows(session)).toEqual([
      ["cards", 0, "cards 0"],
      ["cash", 1, "cash 1"],
    ]);
  });

  test("of objects, lists, numbers, truth values and nothing, mixed or not", async () => {
    const people = await ran(
      sheet(
        "rows: [{ name: Ada, born: 1815 }, { name: Bo, born: 1990 }]",
        fence("template who", "{{ item.name }} {{ item.born + 1 }}"),
      ),
    );
    expect(await rows(people)).toEqual([
      [{ name: "Ada", born: 1815 }, 0, "Ada 1816"],
      [{ name: "Bo", born: 1990 }, 1, "Bo 1991"],
    ]);
    const mixed = await ran(
      sheet("rows: [1, two, [3], true, null, { four: 5 }]", fence("js kind", "return typeof item")),
    );
    expect(await rows(mixed)).toEqual([
      [1, 0, "number"],
      ["two", 1, "string"],
      [[3], 2, "object"],
      [true, 3, "boolean"],
      [null, 4, "object"],
      [{ four: 5 }, 5, "object"],
    ]);
    const numbers = await ran(sheet("rows: [1, 2.5]", fence("template twice", "{{ item * 2 }}")));
    expect(columns(numbers)).toEqual(["item DOUBLE", "index BIGINT", "twice VARCHAR"]);
    expect(await rows(numbers)).toEqual([
      [1, 0, "2"],
      [2.5, 1, "5"],
    ]);
  });

  test("that has elements twice", async () => {
    const session = await ran(sheet("rows: [a, b, a]", fence("template word", "{{ item }}!")));
    expect(await rows(session)).toEqual([
      ["a", 0, "a!"],
      ["b", 1, "b!"],
      ["a", 2, "a!"],
    ]);
  });

  test("that is long", async () => {
    const session = await ran(
      fence("js many", "return Array.from({ length: 3000 }, (_, at) => `n${at}`)"),
      sheet("rows: many", words),
    );
    expect((await rows(session)).slice(998)).toEqual([
      ["n998", 998, "n998 998"],
      ["n999", 999, "n999 999"],
    ]);
    expect((await session.sheetFreshness("triage", { exact: true }))?.rowCount).toBe(3000);
  });

  test("that is empty: then it has no rows, and is computed", async () => {
    const session = await ran(sheet("rows: []", words), fence("sql counted", "select count(*) as n from triage"));
    expect(columns(session)).toEqual(["item JSON", "index BIGINT", "word VARCHAR"]);
    expect([await rows(session), await rows(session, "counted")]).toEqual([[], [[0]]]);
    const read = ["item.name", "item.name.first", "item[1]", "upper(item)", "item || '!'", "item = 'red'", "item > 3"];
    for (const sql of read) {
      const over = await ran(sheet("rows: []", words), fence("sql own", `select ${sql} from triage`));
      expect(await rows(over, "own"), sql).toEqual([]);
    }
  });
});

describe("`item` and `index` are read", () => {
  test("in all the languages of cells", async () => {
    const session = await ran(
      topic,
      sheet(
        "rows: [{ name: Ada, answer: ADA }, { name: Bo, answer: Be }]\nwith: { message: =item.name | upper }\ncolumns: [topic]",
        fence("js code", "return item.name + index"),
        fence("formula plus", "index + 1"),
        fence("formula named", "item.name"),
        fence("template later", "---\nwhen: =index > 0\n---\n{{ item.name }}"),
        fence("score correct", "---\noutput: =topic\nexpected: =item.answer\n---\n- contains: =item.answer"),
        fence("score coded", "---\noutput: =topic\nlanguage: js\n---\nreturn item.name === 'Ada' && index === 0"),
      ),
    );
    const found = (await rows(session)).map((row) => row.slice(2));
    expect(found).toMatchObject([
      ["<ADA>", "Ada0", 1, "Ada", null, { score: 1 }, { score: 1 }],
      ["<BO>", "Bo1", 2, "Bo", "Bo", { score: 0 }, { score: 0 }],
    ]);
  });

  test("as columns of the row too", async () => {
    const session = await ran(sheet("rows: colours", fence("template word", "{{ row.item }} {{ row.index }}")));
    expect((await rows(session))[2]).toEqual(["blue", 2, "blue 2"]);
  });

  test("in what is bound with cells as well", async () => {
    const session = await ran(
      fence("template suffix", "!"),
      topic,
      sheet("rows: colours\nwith: { message: =item ~ suffix ~ index }\ncolumns: [topic]"),
    );
    expect((await rows(session)).map((row) => row[2])).toEqual(["<red!0>", "<green!1>", "<blue!2>"]);
    const sheets = await session.sheetRows("triage", wholeSheet, { from: 1, to: 2 });
    expect(sheets?.rows[0]).toMatchObject({ ordinal: 2, columns: ["green", 1] });
  });

  test("by what searches in a table, whose filter has the row that may be found as `item`", async () => {
    const session = await ran(
      fence("data people", "name,team\nAda,red\nBo,blue\nCy,red"),
      sheet(
        "rows: [red, blue]",
        fence("retrieve found", "from: people\ntext: team\nquery: =item\nmode: keyword\nfilter: =item.name != 'Ada'"),
        fence("template names", "{{ found | map(attribute='name') | join(' ') }}"),
      ),
    );
    expect((await rows(session)).map((row) => row[3])).toEqual(["Cy", "Bo"]);
  });

  test("in what the playground takes over from a row", async () => {
    const session = await ran(topic, sheet("rows: colours\nwith: { message: =item ~ index }\ncolumns: [topic]"));
    const { rows } = (await session.sheetRows("triage", wholeSheet, { from: 1, to: 2 }))!;
    const context = { state: session.state, tables: workspace.runtime.tables };
    expect(await inputsOfRow("triage", rows[0]!.row, context)).toEqual({ message: "green1" });
  });

  test("in SQL over the sheet and over the results of a column", async () => {
    const session = await ran(
      sheet("rows: colours", fence("template long", "{{ item | length }}")),
      fence("sql whole", "select item, index, long from triage order by index"),
      fence("sql records", "select item, index, long from triage.long where index > 0 order by index"),
    );
    expect(await rows(session, "whole")).toEqual([
      ["red", 0, "3"],
      ["green", 1, "5"],
      ["blue", 2, "4"],
    ]);
    expect(await rows(session, "records")).toEqual([
      ["green", 1, "5"],
      ["blue", 2, "4"],
    ]);
  });
});

describe("results follow the elements", () => {
  const asked = (text: string): string => fence("prompt answer", `---\nmodel: server/small\n---\n${text}`);

  test("where only they are read, wherever they stand in the list", async () => {
    const session = await ran(sheet("rows: colours", asked("{{ item }}")));
    workspace.sent();
    await session.setInput("colours", ["white", "red", "teal", "blue"]);
    expect(fresh(session, "triage")).toMatch(/^stale: colours/);
    const { columns } = (await session.sheetFreshness("triage", { exact: true }))!;
    expect(columns["answer"]![0]!.counts).toEqual({ never: 2, current: 2 });
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual(["teal", "white"]);
    expect((await rows(session)).map((row) => row[2])).toEqual(["<white>", "<red>", "<teal>", "<blue>"]);
  });

  test("and are all others where the number is read, and one is put in front", async () => {
    const session = await ran(sheet("rows: colours", asked("{{ index }} {{ item }}")));
    workspace.sent();
    await session.setInput("colours", ["white", "red", "green", "blue"]);
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual(["0 white", "1 red", "2 green", "3 blue"]);
  });

  test("at their number where that is the key", async () => {
    const session = await ran(sheet("rows: colours\nkey: index", asked("{{ item }}")));
    workspace.sent();
    await session.setInput("colours", ["red", "pink", "blue"]);
    const { columns } = (await session.sheetFreshness("triage", { exact: true }))!;
    expect(columns["answer"]![0]!.counts).toEqual({ "stale-input": 1, current: 2 });
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual(["pink"]);
  });

  test("at a member of theirs where that is the key, which each must have and no two the same", async () => {
    const people = (...people: readonly string[]): string => `rows: [${people.join(", ")}]\nkey: item.id`;
    const text = (settings: string): string => notebookText("", sheet(settings, asked("Hail {{ item.name }}")));
    const session = await workspace.open(text(people("{ id: 7, name: Ada }", "{ id: b, name: Bo }")));
    session.trust();
    await session.run({ type: "stale" }).done;
    expect(
      [...(await session.sheetRows("triage", wholeSheet, { from: 0, to: 2 }))!.rows].map(({ row }) => row),
    ).toEqual(["7", "b"]);
    await session.setText(text(people("{ id: b, name: Bob }", "{ id: 7, name: Ada }", "{ id: 9, name: Cy }")));
    await session.settle();
    const { columns } = (await session.sheetFreshness("triage", { exact: true }))!;
    expect(columns["answer"]![0]!.counts).toEqual({ "stale-input": 1, current: 1, never: 1 });
    for (const [list, message] of [
      [people("{ id: 7 }", "{ id: 7 }"), 'the key column item.id does not tell rows apart: "7" is in rows 1 and 2'],
      [people("{ id: 7 }", "{ name: Bo }", "red"), "the key column item.id is empty in 2 rows, first in row 2"],
      ["rows: [red]\nkey: item.id", "the key column item.id is empty in row 1"],
    ] as const) {
      await session.setText(text(list));
      await session.run({ type: "cells", cells: ["triage"] }).done;
      expect(session.shown("triage")?.error?.message).toBe(message);
    }
  });

  test("and a list that is written out is current again when its edit is undone", async () => {
    const text = (list: string): string => notebookText("", sheet(`rows: ${list}`, asked("{{ item }}")));
    const session = await workspace.open(text("[a, b]"), { trusted: true });
    await session.run({ type: "stale" }).done;
    workspace.sent();
    await session.setText(text("[a, c]"));
    expect(fresh(session, "triage")).toMatch(/^stale/);
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual(["c"]);
    await session.setText(text("[a, b]"));
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual([]);
    expect(fresh(session, "triage")).toBe("current");
    expect((await rows(session)).map((row) => row[2])).toEqual(["<a>", "<b>"]);
  });

  test("and some of them can be run, and what all would cost is known", async () => {
    const session = await opened(sheet("rows: colours", asked("A {{ item }} flag")));
    expect((await session.estimate({ type: "all" })).known.calls).toBe(3);
    await session.run({ type: "stale" }, { rows: { triage: { type: "first", count: 2 } } }).done;
    expect(workspace.sent()).toEqual(["A green flag", "A red flag"]);
  });
});

describe("where the list is not settled", () => {
  test("the rows of before are shown, and a sheet over a column goes on when it is", async () => {
    workspace.script = (prompt) => JSON.stringify([prompt.split(" ")[1], "x"]);
    const session = await ran(
      fence(
        "prompt named",
        "---\nmodel: server/small\nschema: { type: array, items: { type: string } }\n---\nName {{ message }}",
      ),
      fence("sheet early", `---\nrows: named\n---\n${fence("template first", "{{ item[0] }}")}`),
      fence("sheet later", `---\nrows: early.first\n---\n${fence("template line", "{{ row.item }} {{ row.first }}")}`),
    );
    expect((await rows(session, "later")).map((row) => row.at(-1))).toEqual(["Hi H", "x x"]);
    await session.setInput("message", "Ada");
    const before = await session.sheetRows("early", wholeSheet, { from: 0, to: 9 });
    expect([before?.settled, before?.rows.map(({ columns }) => columns)]).toEqual([
      false,
      [
        ["Hi", 0],
        ["x", 1],
      ],
    ]);
    expect(fresh(session, "early")).toBe("stale: named");
    await session.run({ type: "stale" }).done;
    workspace.script = null;
    expect((await rows(session, "later")).map((row) => row.at(-1))).toEqual(["Ada A", "x x"]);
  });
});

describe("a sheet without a list", () => {
  const words = fence("template word", "{{ item }}");

  test("is an error where the value is neither a table nor a list, with its place", async () => {
    const session = await ran(fence("js made", "return 'red'"), sheet("rows: made", words));
    expect(session.shown("triage")).toMatchObject({
      outcome: "error",
      error: {
        code: "sheet.no-rows",
        message: "`made` gives neither a table nor a list for the rows of `triage`",
        cure: "`rows:` names a cell whose value is a table or a list, or a column of another sheet.",
        position: { line: 14, column: 7 },
      },
    });
    // A slice is no name: only behind a sign is it an expression.
    for (const [given, code, message] of [
      ["5", "sheet.no-rows", "the sheet `triage` has no rows"],
      ["colours[:1]", "graph.unknown-name", "there is no input or cell `colours[:1]`"],
    ]) {
      const none = await workspace.open(notebookText(inputs, sheet(`rows: ${given}`, words)), { trusted: true });
      await none.run({ type: "stale" }).done;
      expect(none.shown("triage")).toMatchObject({ error: { code, message, position: { line: 10, column: 7 } } });
    }
    const computed = await ran(sheet("rows: =colours | length", words));
    expect(computed.shown("triage")).toMatchObject({
      outcome: "error",
      error: { message: "`rows` gives neither a table nor a list for the rows of `triage`", position: { line: 10 } },
    });
  });

  test("is skipped with what gives it, and waits for it", async () => {
    const off = "---\nwhen: =false\n---\n";
    for (const [settings, made] of [
      ["rows: made", fence("js made", `${off}return ['red']`)],
      ["rows: =made | reverse", fence("js made", `${off}return ['red']`)],
    ] as const) {
      const session = await ran(made, sheet(settings, words), fence("sql read", "from triage"));
      expect(["triage", "read"].map((cell) => session.shown(cell)?.outcome)).toEqual(["skipped", "skipped"]);
    }
    for (const settings of ["rows: made", "rows: =made | reverse"]) {
      const session = await ran(fence("js made", "throw new Error('no')"), sheet(settings, words));
      expect(session.shown("triage")).toMatchObject({ outcome: "blocked", because: ["made"] });
    }
  });

  test("waits with what it is computed from, and goes on when that is there", async () => {
    const session = await ran(
      fence("prompt start", "---\nmodel: local/gemma-3-270m\ncompletion: true\n---\nOnce"),
      sheet("rows: =[start, start ~ '!']", words),
    );
    expect(session.shown("triage")).toMatchObject({ outcome: "blocked", because: ["start"] });
    await session.note({ type: "edited", address: "start", value: { type: "string", value: "upon" } });
    await session.run({ type: "stale" }).done;
    expect((await rows(session)).map((row) => row[2])).toEqual(["upon", "upon!"]);
  });

  test("is an error where its expression fails, at its place", async () => {
    const session = await ran(sheet("rows: =colours[0].none.more", words));
    expect(session.shown("triage")).toMatchObject({ outcome: "error", error: { position: { line: 10 } } });
    expect(session.shown("triage")?.error?.message).toMatch(/^in `rows`: /);
  });
});

test("a sheet without settings has no rows, and is told nothing else", async () => {
  const session = await workspace.open(notebookText("", fence("sheet s", fence("template t", "1"))), {});
  expect(session.diagnostics.map(({ message }) => message)).toEqual(["the sheet `s` has no rows"]);
});
