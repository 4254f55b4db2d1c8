import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const inputs = "inputs:\n  name: { type: string, default: Ada }\n";
const prompt = (name: string, source: string): string =>
  fence(`prompt ${name}`, `---\nmodel: server/small\n---\n${source}`);
/** A chain of three prompts and one beside it; each test has a mark of its own, so that nothing is in the journal. */
const chain = (mark: string): string =>
  notebookText(
    inputs,
    prompt("first", `${mark} first {{ name }}`),
    prompt("second", `${mark} second {{ first }}`),
    prompt("third", `${mark} third {{ second }}`),
    prompt("beside", `${mark} beside`),
  );
const words = (texts: readonly string[]): readonly string[] => texts.map((text) => text.split(" ")[1]!);

describe("scopes outside sheets", () => {
  test("a cell comes with its stale ancestors, and nothing else", async () => {
    const session = await workspace.open(chain("a"));
    workspace.sent();
    await session.run({ type: "cells", cells: ["second"] }).done;
    expect(words(workspace.sent())).toEqual(["first", "second"]);
    await session.run({ type: "cells", cells: ["third"] }).done;
    expect(words(workspace.sent())).toEqual(["third"]);
  });

  test("a cell alone is computed on what there is, also where that is stale, and stays stale because of it", async () => {
    const session = await workspace.open(chain("b"));
    await session.run({ type: "stale" }).done;
    await session.setInput("name", "Bo");
    workspace.sent();
    await session.run({ type: "only", cell: "second" }).done;
    expect(workspace.sent()).toEqual([]);
    expect([fresh(session, "first"), fresh(session, "second")]).toEqual(["stale: name", "stale: first"]);
  });

  test("downstream is everything that reads it, with what those need", async () => {
    const session = await workspace.open(chain("c"));
    workspace.sent();
    await session.run({ type: "downstream", cell: "second" }).done;
    expect(words(workspace.sent())).toEqual(["first", "second", "third"]);
    expect(fresh(session, "beside")).toBe("never");
  });

  test("all stale is what is not settled; all is everything again, from the journal where it has the answer", async () => {
    const session = await workspace.open(chain("d"));
    workspace.sent();
    expect((await session.run({ type: "stale" }).done).money).toMatchObject({ made: 4, cached: 0 });
    expect((await session.run({ type: "stale" }).done).money).toMatchObject({ made: 0, cached: 0 });
    expect((await session.run({ type: "all" }).done).money).toMatchObject({ made: 0, cached: 4 });
    expect((await session.run({ type: "all" }, { again: true }).done).money).toMatchObject({ made: 4, cached: 0 });
  });
});

const rows = 300;
const sheet = (mark: string): string =>
  notebookText(
    inputs,
    fence("data people", ["---\nkey: id\n---\nid", ...Array.from({ length: rows }, (_, index) => index)].join("\n")),
    fence(
      "sheet whole",
      [
        "---\nrows: people\n---",
        fence("prompt greeting", `---\nmodel: server/small\n---\n${mark} {{ row.id }}`),
        fence("template line", "{{ greeting }}!"),
      ].join("\n"),
    ),
  );

/** The rows of a sheet whose prompt was sent. */
const sentRows = (): readonly number[] =>
  workspace
    .sent()
    .map((text) => Number(text.split(" ")[1]))
    .toSorted((left, right) => left - right);

const outcomes = async (session: Session, column: string): Promise<unknown> =>
  (await session.sheetFreshness("whole", { exact: true }))!.columns[column]![0]!.outcomes;

describe("scopes in a sheet", () => {
  test("first N, then selected rows wherever they stand, then what is empty", async () => {
    const session = await workspace.open(sheet("e"));
    workspace.sent();
    const run = (rowScope: Parameters<Session["run"]>[1]) => session.run({ type: "stale" }, rowScope!).done;
    await run({ rows: { whole: { type: "first", count: 3 } } });
    expect(sentRows()).toEqual([0, 1, 2]);
    await run({ rows: { whole: { type: "rows", rows: ["1", "7", "299"] } } });
    expect(sentRows()).toEqual([7, 299]);
    expect(await outcomes(session, "line")).toEqual({ ok: 5 });
    await run({ rows: { whole: { type: "empty" } } });
    expect(sentRows()).toHaveLength(rows - 5);
    expect(await outcomes(session, "line")).toEqual({ ok: rows });
  });

  test("failed are those with an error, and those that wait for them", async () => {
    workspace.script = (text) => (/ 1\d$/.test(text) ? { text: "overloaded", status: 400 } : `<${text}>`);
    const session = await workspace.open(sheet("f"));
    const first = { whole: { type: "first", count: 30 } } as const;
    await session.run({ type: "stale" }, { rows: first }).done;
    expect([await outcomes(session, "greeting"), await outcomes(session, "line")]).toEqual([
      { ok: 20, error: 10 },
      { ok: 20, blocked: 10 },
    ]);
    workspace.script = null;
    workspace.sent();
    await session.run({ type: "stale" }, { rows: first }).done;
    expect(sentRows()).toEqual([]);
    await session.run({ type: "stale" }, { rows: { whole: { type: "failed" } } }).done;
    expect(sentRows()).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect([await outcomes(session, "greeting"), await outcomes(session, "line")]).toEqual([{ ok: 30 }, { ok: 30 }]);
  });

  test("stale are those not current, all are all", async () => {
    const session = await workspace.open(sheet("g"));
    const first = { type: "first", count: 4 } as const;
    await session.run({ type: "stale" }, { everySheet: first }).done;
    workspace.sent();
    await session.run({ type: "stale" }, { everySheet: first }).done;
    expect(sentRows()).toEqual([]);
    await session.run({ type: "stale" }, { everySheet: first, again: true }).done;
    expect(sentRows()).toEqual([]);
    await session.run({ type: "all" }, { everySheet: first, again: true }).done;
    expect(sentRows()).toEqual([0, 1, 2, 3]);
  });
});

describe("the order of a run", () => {
  test("a column waits for its neighbour where that waits for a cell outside the sheet", async () => {
    workspace.script = (text) => ({ text: `<${text}>`, delay: text.startsWith("slow") ? 200 : 0 });
    const session = await workspace.open(
      notebookText(
        "",
        prompt("slow", "slow"),
        fence("data people", "---\nkey: id\n---\nid\n1\n2"),
        fence(
          "sheet whole",
          [
            "---\nrows: people\n---",
            fence("template near", "{{ slow }} {{ row.id }}"),
            fence("template far", "{{ near }}!"),
          ].join("\n"),
        ),
      ),
    );
    // The rows are there, so that nothing but its neighbour is left for a column to wait for.
    await session.run({ type: "cells", cells: ["people"] }).done;
    await session.run({ type: "stale" }).done;
    expect([await outcomes(session, "near"), await outcomes(session, "far")]).toEqual([{ ok: 2 }, { ok: 2 }]);
    workspace.script = null;
  });

  test("a run sees the notebook and the inputs as they were when it began", async () => {
    workspace.script = (text) => ({ text: `<${text}>`, hold: text.startsWith("h first") });
    const session = await workspace.open(chain("h"));
    workspace.sent();
    const run = session.run({ type: "cells", cells: ["second"] });
    await workspace.server.until((server) => server.inFlight().length === 1);
    await session.setInput("name", "Bo");
    await session.setText(chain("i"));
    workspace.server.release();
    await run.done;
    expect(workspace.sent()).toEqual(["h first Ada", "h second <h first Ada>"]);
    expect([shown(session, "first"), fresh(session, "first")]).toEqual(["<h first Ada>", "stale: source, name"]);
    workspace.script = null;
  });

  test("late results of a superseded run are in the journal and are not shown", async () => {
    workspace.script = (text) => ({ text: `<${text}>`, hold: text.endsWith("Ada") });
    const session = await workspace.open(chain("k"));
    const late = session.run({ type: "cells", cells: ["first"] });
    await workspace.server.until((server) => server.inFlight().length === 1);
    await session.setInput("name", "Bo");
    await session.run({ type: "cells", cells: ["first"] }).done;
    workspace.server.release();
    await late.done;
    expect([shown(session, "first"), fresh(session, "first")]).toEqual(["<k first Bo>", "current"]);
    await session.setInput("name", "Ada");
    workspace.sent();
    await session.run({ type: "cells", cells: ["first"] }).done;
    expect([shown(session, "first"), workspace.sent()]).toEqual(["<k first Ada>", []]);
    workspace.script = null;
  });
});
