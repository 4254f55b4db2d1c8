import { expect, test, vi } from "vitest";
import { cellKinds } from "#server/cells/index.ts";
import { fence, notebookText, testWorkspace } from "./__fixtures__/test-workspace.ts";

test("what a kind is given at an address is plain data, as a message to another process has it", async () => {
  await using workspace = await testWorkspace();
  // The runner computes sheets itself.
  const kinds = [...cellKinds.values()].filter(({ kind }) => kind !== "sheet");
  const given = new Map(kinds.map((kind) => [kind.kind, vi.spyOn(kind, "run")]));
  const session = await workspace.open(
    notebookText(
      "inputs:\n  name: { type: string, default: Ada }\n",
      fence("data words", "---\nkey: id\n---\nid,word\n1,one\n2,two"),
      fence("sql long", "select * from words where word <> $name"),
      fence(
        "sheet all_words",
        [
          "---\nrows: long\n---",
          fence("formula next", "id + 1"),
          fence("js size", "---\nvary: { by: [1, 2] }\n---\nreturn row.word.length * vary.by"),
          fence("prompt answer", "---\nmodel: server/small\n---\n{{ name }} {{ row.word }}"),
          fence("score right", "---\noutput: =answer\n---\n- contains: one"),
          fence("label grade", "type: number"),
          fence("retrieve found", "from: words\ntext: word\nquery: =row.word\nmode: keyword"),
          fence("template facts", "{{ meta(answer).cost }} {{ found | length }} {{ mean(all_words.size) }}"),
        ].join("\n"),
      ),
      fence("test gate", "paired(all_words.size.at(by=1), all_words.size.at(by=2)).n == 2"),
      fence("chart bars", "data: words\ntype: bar\nx: word\ny: id"),
    ),
  );
  expect(session.diagnostics).toEqual([]);
  await session.run({ type: "stale" }).done;
  expect(session.shown("gate")!.value).toMatchObject({ value: { verdict: "pass" } });
  for (const [kind, run] of given) {
    const items = run.mock.calls.map(([batch]) => batch.items);
    expect([kind, items.length > 0]).toEqual([kind, true]);
    expect(structuredClone(items)).toEqual(items);
  }
  vi.restoreAllMocks();
});
