import { afterAll, beforeAll, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

test("a formula may have subqueries with names of their own, and reads its row in them", async () => {
  const formulas = {
    a: "(select max(x) from (select 1 as x))",
    b: "(select max(u) from unnest([id, 7]) as q(u))",
    c: "(select count(*) from range(3) r where r.range < id)",
    d: "(with c as (select unnest([id, x]) as v) select sum(c.v) from c)",
    e: "(select max(range) + x from range(3))",
    f: "(select sum(v) as total from (select x as v) having total > 0)",
    g: "(select max(nothing) from range(3))",
  };
  const cells = Object.entries(formulas).map(([name, formula]) => fence(`formula ${name}`, formula));
  const text = notebookText(
    "",
    fence("data given", "id,x\n1,2\n2,3"),
    fence("sheet s", `---\nrows: given\n---\n${cells.join("\n")}`),
  );
  const session = await workspace.open(text, { trusted: true });
  await session.run({ type: "stale" }).done;
  const { rows } = (await session.sheetRows("s", wholeSheet, { from: 0, to: 2 }))!;
  const shown = rows.map((row) =>
    Object.values(row.cells).map(
      ([one]) => (one!.value as { value: unknown } | null)?.value ?? one!.error!.message.split("!")[0],
    ),
  );
  const missing = 'Referenced column "nothing" not found in FROM clause';
  expect(shown).toEqual([
    [1, 7, 1, 3, 4, 2, missing],
    [1, 7, 2, 5, 5, 3, missing],
  ]);
});

test("what is wrong with a formula names nothing but what stands in it", async () => {
  const rows = fence("data d", "id,x\n1,2\n2,3");
  const said = async (formula: string): Promise<string> => {
    const text = notebookText("", rows, fence("sheet s", `---\nrows: d\n---\n${fence("formula f", formula)}`));
    const session = await workspace.open(text, { trusted: true });
    await session.run({ type: "stale" }).done;
    const { cells } = (await session.sheetRows("s", wholeSheet, { from: 0, to: 1 }))!.rows[0]!;
    return cells["f"]![0]!.error!.message;
  };
  const aggregate = "an aggregate gives one value for all rows, and a formula one for each";
  expect(await said("count(*)")).toBe(aggregate);
  expect(await said("x / sum(x)")).toBe(aggregate);
  expect(await said("x, id")).toBe('Referenced column "x" not found in FROM clause!');
});
