import { afterAll, beforeAll, expect, test } from "vitest";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const members = ["calls", "cost", "cached", "error", "input_tokens", "model", "outcome", "output_tokens", "state"];

test("`meta` has the same members and meanings in expressions, outside and in a sheet, and in SQL", async () => {
  const said = (name: string): string =>
    `{{ [${members.map((member) => `meta(${name}).${member}`).join(", ")}] | tojson }}`;
  const prompt = "---\nmodel: server/small\ncontinue_on_error: true\n---\n";
  const session = await workspace.open(
    notebookText(
      "",
      fence("prompt alone", `${prompt}Alone`),
      fence("template outside", said("alone")),
      fence("data rows", "---\nkey: text\n---\ntext\nfine\nbad"),
      fence(
        "sheet talks",
        `---\nrows: rows\n---\n${fence("prompt topic", `${prompt}Say {{ row.text }}`)}\n${fence("template inside", said("topic"))}`,
      ),
      fence(
        "sql facts",
        `select text, ${members.map((member) => `meta.${member} as ${member}`).join(", ")} from talks.topic`,
      ),
      fence("sql insides", "select text, inside from talks.inside"),
    ),
  );
  workspace.script = (sent) => (sent.endsWith("bad") ? { text: "overloaded", status: 400 } : "yes");
  const rows = (cell: string): readonly (readonly unknown[])[] => {
    const value = session.shown(cell)?.value;
    if (value?.type !== "table") throw new Error(`${cell} is no table: ${JSON.stringify(session.shown(cell)?.error)}`);
    return value.value.rows!;
  };
  await session.run({ type: "stale" }).done;
  const outside = JSON.parse(String(shown(session, "outside"))) as readonly unknown[];
  expect(outside).toEqual([1, 0, false, null, expect.any(Number), "small", "ok", expect.any(Number), "current"]);
  const bySql = new Map(rows("facts").map(([text, ...facts]) => [text, facts]));
  const byExpression = new Map(rows("insides").map(([text, facts]) => [text, JSON.parse(String(facts)) as unknown]));
  expect(byExpression.get("fine")).toEqual(bySql.get("fine"));
  expect(byExpression.get("bad")).toEqual(bySql.get("bad"));
  expect(byExpression.get("bad")).toEqual(expect.arrayContaining([expect.stringContaining("overloaded"), "error"]));

  await session.note({
    address: "talks.topic{talks=fine}",
    type: "edited",
    value: { type: "string", value: "mine" },
  });
  await session.run({ type: "stale" }).done;
  const edited = new Map(rows("insides").map(([text, facts]) => [text, JSON.parse(String(facts)) as unknown]));
  expect(edited.get("fine")).toEqual([0, 0, null, null, null, null, "ok", null, "edited"]);
});
