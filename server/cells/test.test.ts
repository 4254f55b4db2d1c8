import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestLine } from "#server/notebook/value.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "../runner/__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

/** What a test says of one line, beside the cells it reads. */
async function judged(line: string, ...cells: string[]): Promise<Partial<TestLine>> {
  const session = await workspace.open(notebookText("", ...cells, fence("test gate", line)));
  await session.run({ type: "stale" }).done;
  const value = session.shown("gate")?.value;
  if (value?.type !== "test") throw new Error("the test has no verdict");
  const { verdict, sides, reason } = value.value.lines[0]!;
  return { verdict, sides, ...(reason === undefined ? {} : { reason }) };
}

test("a whole number of any size in a list or an object is shown by its digits, and decides nothing else", async () => {
  const record = fence("js record", "return { id: 9007199254740993n }");
  expect(await judged('record == {"id": 9007199254740993}', record)).toEqual({
    verdict: "pass",
    sides: ['{"id":9007199254740993}', '{"id":9007199254740993}'],
  });
  expect(await judged("[9007199254740993, 0.123456] == [9007199254740992, 0.123456]")).toEqual({
    verdict: "fail",
    sides: ["[9007199254740993,0.1235]", "[9007199254740992,0.1235]"],
  });
});

test.each([
  ["0.00003 < 0.00002", "fail", ["0.00003", "0.00002"]],
  ["0.000123456 < 1", "pass", ["0.0001235", "1"]],
  ["12345.67891 < 1", "fail", ["12345.6789", "1"]],
  ["1234567 > 2 / 3", "pass", ["1234567", "0.6667"]],
  ["figure == figure", "pass", ["1e+306", "1e+306"]],
])("figures are shown to four digits, and as many decimals: %s", async (line, verdict, sides) => {
  expect(await judged(line, fence("js figure", "return 1e306"))).toEqual({ verdict, sides });
});

test.each([
  ["0.89999 >= 0.9", "fail", ["0.89999", "0.9"]],
  ["0.1 + 0.2 == 0.3", "fail", ["0.30000000000000004", "0.3"]],
  ["[1, 0.66666] == [1, 2 / 3]", "fail", ["[1,0.66666]", "[1,0.66667]"]],
  ["2 / 3 == 2 / 3", "pass", ["0.6667", "0.6667"]],
])("sides that differ never read alike: %s", async (line, verdict, sides) => {
  expect(await judged(line)).toEqual({ verdict, sides });
});

test.each([
  ["1 == 1  # fine", ["1", "1"]],
  ['"#" == "#" # the sign', ['"#"', '"#"']],
  ["'a\\'#' == 'a\\'#'#b", [`"a'#"`, `"a'#"`]],
])("`#` outside of texts begins a comment, also behind an expression: %s", async (line, sides) => {
  expect(await judged(`# whole\n  # "whole\n${line}`)).toEqual({ verdict: "pass", sides });
});

test("what a comment names is not read, and the expression before it is", async () => {
  const session = await workspace.open(notebookText("", fence("test gate", "1 == one  # nothing of `two`")), {});
  expect(session.diagnostics.map(({ message }) => message)).toEqual(["there is no input or cell `one`"]);
});
