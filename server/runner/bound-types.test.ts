import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CellError } from "#server/notebook/value.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const asked = fence("prompt asked", "---\nmodel: server/small\n---\n{{ it }}");

/** The errors of a sheet over one row, whose `row.x` is given for the input `it`, and what was sent of it. */
async function given(
  type: string,
  x: unknown,
  bound = "=row.x",
): Promise<{ readonly errors: readonly CellError[]; readonly sent: number }> {
  const rows = fence("data rows", `---\nformat: json\n---\n${JSON.stringify([{ x }])}`);
  const sheet = fence("sheet every", `---\nrows: rows\nwith: { it: ${JSON.stringify(bound)} }\ncolumns: [asked]\n---`);
  const one = fence("js one", "return 'word'");
  const session = await workspace.open(notebookText(`inputs:\n  it: ${type}\n`, rows, one, asked, sheet));
  const errors: CellError[] = [];
  workspace.sent();
  await session.run(
    { type: "cells", cells: ["every"] },
    { onEvent: (event) => void (event.type === "result" && event.error && errors.push(event.error)) },
  ).done;
  return { errors, sent: workspace.sent().length };
}

describe("what a row gives an input is of its type, as what a caller gives", () => {
  test.each([
    ["a number", "{ type: number, default: 1 }", "dear", "a number, as in `it: =row.NAME | float`"],
    ["a truth", "{ type: boolean, default: true }", "yes", "true or false"],
    ["one of its choices", "{ type: choice, options: [a, b], default: a }", "c", "one of a, b"],
    ["a text", "{ type: string, default: a }", { of: "members" }, "a text"],
    ["messages", "{ type: messages, default: [] }", "hello", "a list of messages, each"],
  ])("%s", async (_, type, x, expected) => {
    const { errors, sent } = await given(type, x);
    expect(errors).toMatchObject([
      {
        code: "input.type",
        message: expect.stringMatching(/^the input `it` is .* in this row$/),
        cure: expect.stringContaining(`Give ${expected}`),
        position: { line: expect.any(Number) },
      },
    ]);
    expect(sent).toBe(0);
  });

  test("also where it is made of cells", async () => {
    expect(await given("{ type: number, default: 1 }", 1, "=one")).toMatchObject({
      errors: [{ code: "input.type", message: "the input `it` is string word in this row" }],
      sent: 0,
    });
  });

  test.each([
    ["an empty field", "{ type: number, default: 1 }", null],
    ["a number for a text, which has one text", "{ type: string, default: a }", 1],
    ["what fits", "{ type: choice, options: [a, b], default: a }", "b"],
    ["anything for JSON", "{ type: json, default: 1 }", { a: [1] }],
  ])("but %s is no error", async (_, type, x) => {
    expect(await given(type, x)).toEqual({ errors: [], sent: 1 });
  });
});
