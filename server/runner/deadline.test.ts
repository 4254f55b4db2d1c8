import { expect, test } from "vitest";
import { fence, notebookText, shown, testWorkspace } from "./__fixtures__/test-workspace.ts";

const stopped = {
  code: "sql.deadline",
  message: "the query ran for 3 s, as long as it may, and was stopped",
  cure: expect.stringContaining("`SHEAF_SQL_SECONDS=3600`"),
};

test("SQL that does not end is stopped after SHEAF_SQL_SECONDS, in cells and columns, and what others ask is answered", async () => {
  await using workspace = await testWorkspace({ environment: { SHEAF_SQL_SECONDS: "3" } });
  const session = await workspace.open(
    notebookText(
      "",
      fence("sql endless", "select count(*) as n from range(1000000000000)"),
      // DuckDB hears no interrupt within this function: its process is killed.
      fence("sql deaf", "select repeat('x', 4000000000) as x"),
      fence("template reader", "{{ endless | length }}"),
      fence("data rows", "id\n1\n2"),
      fence(
        "sheet numbers",
        [
          "---\nrows: rows\n---",
          fence("formula forever", "id + (select count(*) from range(1000000000000))"),
          fence("formula next", "id + 1"),
        ].join("\n"),
      ),
      fence("sql errors", "select meta.error from numbers.forever"),
      fence("sql sums", "select next from numbers.next order by id"),
      ...Array.from({ length: 4 }, (_, index) => fence(`sql quick_${index}`, `select ${index} as n`)),
    ),
  );
  await session.run({ type: "stale" }).done;

  for (const cell of ["endless", "deaf"])
    expect(session.state.results.get(cell)).toMatchObject({ outcome: "error", error: stopped });
  expect(session.state.results.get("reader")).toMatchObject({ outcome: "blocked", because: ["endless"] });
  expect(shown(session, "errors")).toMatchObject({ rows: [[stopped.message], [stopped.message]] });
  expect(shown(session, "sums")).toMatchObject({ rows: [[2], [3]] });
  for (let index = 0; index < 4; index += 1)
    expect(shown(session, `quick_${index}`)).toMatchObject({ rows: [[index]] });
});
