import { afterAll, beforeAll, expect, test } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "../runner/__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

/** What one check says of an output, with `want` a cell. */
async function judged(check: string, output: string, want: Datum): Promise<number | null> {
  const text = notebookText(
    "",
    fence("js want", `return ${JSON.stringify(want)}`),
    fence("score it", `---\noutput: '${output}'\n---\n${check}`),
  );
  const session = await workspace.open(text);
  await session.run({ type: "stale" }).done;
  const result = session.shown("it");
  if (result?.value?.type !== "score") throw new Error(JSON.stringify(result?.error));
  return result.value.value.score;
}

test("what the one expression of a check comes to is its value, also where its keys are those of settings", async () => {
  expect(await judged("- equals: =want", '{"value":5}', { value: 5 })).toBe(1);
  expect(await judged("- equals: =want", "5", { value: 5 })).toBe(0);
  const want = { value: 5, subset: true };
  expect(await judged("- json-equal: =want", '{"value":5,"unit":"m","subset":true}', want)).toBe(0);
  expect(await judged("- not-json-equal: =want", '{"value":5,"subset":true}', want)).toBe(0);
  expect(await judged("- json-equal: =want", '{"value":5,"subset":true}', want)).toBe(1);
});

test("expressions among a check's settings are settings still", async () => {
  expect(await judged("- json-equal: { value: =want, subset: true }", '{"a":1,"b":2}', { a: 1 })).toBe(1);
  expect(await judged("- contains: { any: =want }", "b", ["a", "b"])).toBe(1);
  expect(await judged("- contains: =want", "a b", ["a", "b"])).toBe(1);
  expect(await judged("- equals: =want", "", null)).toBe(null);
});
