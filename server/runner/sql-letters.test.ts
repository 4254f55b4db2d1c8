import { expect, test } from "vitest";
import { fence, notebookText, shown, testWorkspace } from "./__fixtures__/test-workspace.ts";

test("SQL finds cells, sheets and their columns in whatever letters it names them", async () => {
  await using workspace = await testWorkspace();
  const session = await workspace.open(
    notebookText(
      "",
      fence("data known", "id,text\n1,a\n2,b"),
      fence(
        "sheet whole",
        [
          "---\nrows: known\n---",
          fence("template loud", "{{ row.text }}!"),
          fence("formula twice", "Loud || LOUD"),
        ].join("\n"),
      ),
      fence("sql one", "select count(*) as n from Known join known as other on Known.id = other.id"),
      fence("sql two", `select loud from "Whole" order by id`),
      fence("sql three", 'select twice from "whole".Twice order by id'),
    ),
  );
  await session.run({ type: "stale" }).done;
  const rows = (cell: string): unknown => {
    const value = session.shown(cell)?.value;
    return value?.type === "table" ? value.value.rows : shown(session, cell);
  };
  expect([rows("one"), rows("two"), rows("three")]).toEqual([[[2]], [["a!"], ["b!"]], [["a!a!"], ["b!b!"]]]);
});
