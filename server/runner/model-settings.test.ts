import { afterAll, beforeAll, expect, test } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const effortsSent = (): readonly unknown[] =>
  workspace.server
    .requests()
    .map(({ body }) => (body as { readonly reasoning_effort?: string }).reasoning_effort)
    .toSorted();

test("a model's effort is sent, a cell's own goes before it, and it is swept as any parameter", async () => {
  const session = await workspace.open(
    notebookText(
      "models:\n  keen: { model: server/small, reasoning_effort: medium }\n",
      fence("prompt preset", "---\nmodel: keen\n---\nHello"),
      fence(
        "prompt swept",
        "---\nmodel: keen\nvary: { reasoning_effort: [low, high] }\nreasoning_effort: =vary.reasoning_effort\n---\nHello",
      ),
    ),
  );
  expect(session.diagnostics).toEqual([]);
  await session.run({ type: "stale" }).done;
  expect(effortsSent()).toEqual(["high", "low", "medium"]);
  const answers = [...session.state.results.values()].flatMap(({ calls }) => calls.map(({ key }) => key));
  expect(new Set(answers).size).toBe(3);
});

test("a model that has no efforts refuses one, and says what to do; a protocol is none of a cell's settings", async () => {
  const session = await workspace.open(
    notebookText(
      "",
      fence("prompt refused", "---\nmodel: echo/text\nreasoning_effort: low\n---\nHello"),
      fence("prompt spoken", "---\nmodel: server/small\napi: responses\n---\nHello"),
    ),
  );
  expect(session.diagnostics).toMatchObject([{ code: "cell.unknown-key", cell: "spoken" }]);
  await session.run({ type: "stale" }).done;
  expect(session.shown("refused")?.error).toMatchObject({
    code: "model.bad-request",
    message: "echo's models have no parameter reasoning_effort",
    cure: expect.stringContaining("`reasoning_effort`"),
  });
});

test("a setting of a later wording that the first says otherwise is warned of at its place, and the first's is used", async () => {
  const session = await workspace.open(
    notebookText(
      "models: { e: echo/upper }\n",
      fence("prompt wording.one", "---\nmodel: e\ntemperature: 0\n---\nfirst"),
      fence("prompt wording.two", "---\nmodel: echo/reverse\ntemperature: 0\nmax_tokens: 2\nwhen: false\n---\nsecond"),
    ),
  );
  expect(session.diagnostics.map(({ severity, code, position }) => [severity, code, position.line])).toEqual([
    ["warning", "cell.unshared-setting", 16],
    ["warning", "cell.unshared-setting", 18],
    ["warning", "cell.unshared-setting", 19],
  ]);
  await session.run({ type: "all" }).done;
  expect([...session.state.results.values()].map(({ value }) => value)).toMatchObject([
    { value: "FIRST" },
    { value: "SECOND" },
  ]);
});
