import { afterAll, beforeAll, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const members = [
  "calls",
  "cost",
  "cached",
  "cut_off",
  "error",
  "input_tokens",
  "model",
  "outcome",
  "output_tokens",
  "state",
];

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
  expect(outside).toEqual([1, 0, false, false, null, expect.any(Number), "small", "ok", expect.any(Number), "current"]);
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
  expect(edited.get("fine")).toEqual([0, 0, null, null, null, null, null, "ok", null, "edited"]);
});

test("facts of repeats that are made one value are those of its repeats together, each counted once", async () => {
  const price = (10 * 0.25 + 5 * 2) / 1_000_000;
  workspace.script = (sent) => ({ text: sent, usage: { prompt: 10, completion: 5 } });
  const repeated = "---\nmodel: openai/gpt-5-mini\nrepeat: 3\nreduce: majority\n---\n";
  const facts = (name: string): string =>
    `{{ [meta(${name}).cost, meta(${name}).calls, meta(${name}).input_tokens, meta(${name}).model] | tojson }}`;
  const session = await workspace.open(
    notebookText(
      "",
      fence("prompt alone", `${repeated}Once and again`),
      fence("template outside", facts("alone")),
      fence("data rows", "---\nkey: text\n---\ntext\na\nb"),
      fence(
        "sheet talks",
        `---\nrows: rows\n---\n${fence("prompt topic", `${repeated}Say {{ row.text }}`)}\n${fence("template inside", facts("topic"))}`,
      ),
      fence("sql insides", "select distinct inside from talks.inside"),
      fence(
        "sql total",
        "select sum(meta.cost), sum(meta.calls), sum(meta.input_tokens), min(meta.model), bool_or(meta.cached) from talks.topic",
      ),
    ),
  );
  expect((await session.run({ type: "stale" }).done).money).toMatchObject({ made: 9 });
  const one = [expect.closeTo(3 * price, 9), 3, 30, "gpt-5-mini"];
  expect(JSON.parse(String(shown(session, "outside")))).toEqual(one);
  const rowsOf = (cell: string): readonly (readonly unknown[])[] => {
    const value = session.shown(cell)?.value;
    if (value?.type !== "table") throw new Error(`${cell} is no table: ${JSON.stringify(session.shown(cell)?.error)}`);
    return value.value.rows!;
  };
  expect(rowsOf("insides").map(([inside]) => JSON.parse(String(inside)) as unknown)).toEqual([one]);
  expect(rowsOf("total")).toEqual([[expect.closeTo(6 * price, 9), 6, 60, "gpt-5-mini", false]]);
  const page = (await session.sheetRows("talks", wholeSheet, { from: 0, to: 1 }))!;
  expect(page.rows[0]!.cells["topic"]![0]).toMatchObject({ cost: expect.closeTo(3 * price, 9), cached: false });

  // A person's value was not paid for.
  await session.note({ address: "alone", type: "edited", value: { type: "string", value: "mine" } });
  await session.note({ address: "talks.topic{talks=a}", type: "edited", value: { type: "string", value: "mine" } });
  await session.run({ type: "stale" }).done;
  expect(JSON.parse(String(shown(session, "outside")))).toEqual([0, 0, null, null]);
  expect(rowsOf("total")).toEqual([[expect.closeTo(3 * price, 9), 3, 30, "gpt-5-mini", false]]);
});

test("what failed repeats came to is in the facts of a sheet's result as well", async () => {
  workspace.script = () => ({ text: "perhaps", usage: { prompt: 10, completion: 5 } });
  const vote =
    "---\nmodel: openai/gpt-5-mini\nschema: { enum: [yes, no] }\nrepeat: 2\nreduce: majority\n---\nVote {{ row.text }}";
  const session = await workspace.open(
    notebookText(
      "",
      fence("data rows", "---\nkey: text\n---\ntext\na"),
      fence("sheet votes", `---\nrows: rows\n---\n${fence("prompt vote", vote)}`),
      fence("sql total", "select meta.outcome, meta.calls from votes.vote"),
    ),
  );
  const { made } = (await session.run({ type: "stale" }).done).money;
  const value = session.shown("total")?.value;
  expect(value?.type === "table" ? value.value.rows : null).toEqual([["error", made]]);
});
