import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
beforeEach(() => {
  // Another request in each test: answers are shared by all notebooks.
  sum = `Sum ${(tests += 1)}`;
  workspace.sent();
});
let tests = 0;
let sum: string;
afterAll(() => workspace[Symbol.asyncDispose]());

const data = (second = "bad"): string => fence("data d", `---\nkey: id\n---\nid,text\n1,a\n2,${second}\n3,c`);
const prompt = (name: string, source: string, configuration = ""): string =>
  fence(`prompt ${name}`, `---\nmodel: server/small\n${configuration}---\n${source}`);
const sheet = (name: string, rows: string, ...cells: readonly string[]): string =>
  fence(`sheet ${name}`, [`---\nrows: ${rows}\nkey: id\n---`, ...cells].join("\n"));
const a = (condition = "=row.id != 3"): string =>
  fence("js a", `---\nwhen: ${condition}\n---\nif (row.text === 'bad') throw new Error('x'); return 'X ' + row.text`);
const s = (condition?: string): string => sheet("s", "d", a(condition));
const b = (): string => prompt("b", `${sum} {{ row.a }}`);

async function ran(...cells: readonly string[]): Promise<Session> {
  const session = await workspace.open(notebookText("inputs:\n  message: { type: string, default: hi }\n", ...cells));
  expect(session.diagnostics).toEqual([]);
  await session.run({ type: "stale" }).done;
  return session;
}

/** How the results of a column came out, row by row, with their values or what they say. */
async function outcomes(session: Session, sheetName: string, column: string): Promise<readonly unknown[]> {
  const states = (await session.rowStates(sheetName, 0, 10))![column]!;
  return Promise.all(
    states.map(async ({ row, outcome }) => {
      const detail = await session.result(`${sheetName}.${column}{${sheetName}=${row}}`);
      const { value, error } = detail as { value: { value?: unknown } | null; error: { message: string } | null };
      return outcome === "ok" ? (value as { value: unknown }).value : (error?.message ?? outcome);
    }),
  );
}

describe("a row of a sheet over a sheet", () => {
  test.each(["s", "s.a"])(
    "has the outcomes of its cells (rows: %s): what failed blocks, what was skipped skips",
    async (rows) => {
      const session = await ran(data(), s(), sheet("o", rows, b()));
      expect(workspace.sent()).toEqual([`${sum} X a`]);
      expect(await outcomes(session, "o", "b")).toEqual([`<${sum} X a>`, "blocked by `s.a`", "skipped"]);
      expect([fresh(session, "s"), fresh(session, "o")]).toEqual(["current", "current"]);
    },
  );

  test.each(["=row.a", '=row.a ~ "!"'])("also by what is bound to it (message: %s)", async (bound) => {
    await ran(
      data(),
      s(),
      prompt("b", `${sum} {{ message }}`),
      fence("sheet o", `---\nrows: s\nkey: id\nwith: { message: '${bound}' }\ncolumns: [b]\n---`),
    );
    expect(workspace.sent()).toEqual([`${sum} X a${bound === "=row.a" ? "" : "!"}`, `${sum} hi`]);
  });

  test("lets who looks at what was skipped go on, and gives null to who lists it as optional", async () => {
    const session = await ran(
      data("b"),
      s(),
      sheet(
        "o",
        "s",
        fence("template one", "{{ row.a or 'none' }}"),
        fence("template two", "{{ row.a | default('nothing') }}"),
        fence("template three", "{% if row.a is skipped %}no{% else %}{{ row.a }}{% endif %}"),
        fence("js code", "---\noptional: [row.a]\n---\nreturn String(row.a)"),
        fence("formula size", "len(a)"),
        fence("template four", "{{ row.id }}"),
      ),
    );
    const last = async (column: string): Promise<unknown> => (await outcomes(session, "o", column))[2];
    expect(await Promise.all(["one", "two", "three", "code", "size", "four"].map(last))).toEqual([
      "none",
      "nothing",
      "no",
      "null",
      "skipped",
      "3",
    ]);
  });

  test("is the same through sheets in between", async () => {
    const session = await ran(
      data(),
      s(),
      sheet("o", "s", fence("template id_2", "{{ row.id }}")),
      sheet("last", "o", b()),
    );
    expect(workspace.sent()).toEqual([`${sum} X a`]);
    expect(await outcomes(session, "last", "b")).toEqual([`<${sum} X a>`, "blocked by `s.a`", "skipped"]);
  });

  test("waits for what is still to come, and is computed when that is there", async () => {
    const session = await workspace.open(notebookText("", data("b"), s("true"), sheet("o", "s", b())));
    await session.run({ type: "stale" }, { rows: { s: { type: "first", count: 1 } } }).done;
    expect(workspace.sent()).toEqual([`${sum} X a`]);
    expect(fresh(session, "o")).toBe("stale: s");
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual([`${sum} X b`, `${sum} X c`]);
    expect(fresh(session, "o")).toBe("current");
  });

  test("is stale where a cell has come out in another way, be its value the same", async () => {
    const text = (condition: string): string =>
      notebookText(
        "",
        data("b"),
        sheet("s", "d", fence("js a", `---\nwhen: =row.id != ${condition}\n---\nreturn null`)),
        sheet("o", "s", b()),
      );
    const session = await workspace.open(text("3"));
    await session.run({ type: "stale" }).done;
    expect((await outcomes(session, "o", "b"))[2]).toBe("skipped");
    await session.setText(text("2"));
    await session.run({ type: "stale" }).done;
    expect((await outcomes(session, "o", "b")).slice(1)).toEqual(["skipped", `<${sum}>`]);
    expect(fresh(session, "o")).toBe("current");
  });

  test("is counted by an estimate before there are values", async () => {
    const first = prompt("a", `${sum} {{ row.text }}`);
    const session = await workspace.open(notebookText("", data("b"), sheet("s", "d", first), sheet("o", "s", b())));
    await session.run({ type: "cells", cells: ["d"] }).done;
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 3 }, open: 3 });
    await session.run({ type: "stale" }, { rows: { s: { type: "first", count: 1 } } }).done;
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 2 }, open: 3 });
    const some = { everySheet: { type: "first", count: 2 } } as const;
    expect(await session.estimate({ type: "stale" }, some)).toMatchObject({ known: { calls: 1 }, open: 2 });
    await session.run({ type: "stale" }).done;
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 0 }, open: 0 });
  });
});
