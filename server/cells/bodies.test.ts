import { afterAll, beforeAll, expect, test } from "vitest";
import { openRuntime, type Runtime } from "#server/runner/runtime.ts";
import { openSession } from "#server/runner/session.ts";
import { temporaryFolder, type TemporaryFolder } from "../../tests/helpers/temporary-folder.ts";

let folder: TemporaryFolder;
let runtime: Runtime;
beforeAll(async () => {
  folder = await temporaryFolder();
  runtime = await openRuntime({ folder: folder.path, environment: {} });
});
afterAll(async () => {
  await runtime.close();
  await folder[Symbol.asyncDispose]();
});

/** What is told of a notebook before it runs, and of its cell when it has run. */
async function told(kind: string, body: string): Promise<readonly string[]> {
  const text = `---\nsheaf: 1\n---\n\n\`\`\`${kind} it\n${body}\n\`\`\`\n`;
  const session = await openSession(runtime, { path: "told.md", text });
  await session.run({ type: "stale" }).done;
  const error = session.shown("it")?.error;
  return [
    ...session.diagnostics.map(({ position, message, cure }) => `${position.line}: ${message} → ${cure}`),
    ...(error ? [`${error.message} → ${error.cure}`] : []),
  ];
}

const head = "---\noutput: Hello\n---\n";
const asCode = "the score's body is code, and no list of checks → Add `language: js` between `---` lines above it.";
const asText =
  "the score's body is text, and no list of checks → Write a list of checks, such as `- equals`, or code with `language: js` between `---` lines above it.";

test.each([
  ['return output === "Hello"', asCode],
  ["const n = output.length;\nreturn { score: n > 3 ? 1 : 0, reason: `is ${n}: long` };", asCode],
  ["if (output) { return 1 }", asCode],
  ["Is the answer polite: and short?", asText],
  ["equals", asText],
  ["contains: Hello", asText],
])("a score whose body is no list of checks says what to write: %s", async (body, message) => {
  expect(await told("score", head + body)).toEqual([`9: ${message}`, message]);
});

test("a list with an error in it is told where the error is", async () => {
  const [problem] = await told("score", `${head}- contains: [a\n- equals`);
  expect(problem).toMatch(/^(?:9|10): (?!the score's body)/);
});

test("a list and code are scores", async () => {
  expect(await told("score", `${head}\n# must be\n- contains: Hello`)).toEqual([]);
  expect(await told("score", "---\noutput: Hello\nlanguage: js\n---\nreturn output === 'Hello'")).toEqual([]);
});

test.each(["file: people.csv", "file: people.csv\nkey: id\n", "format: yaml"])(
  "data whose rows are its configuration says where that belongs: %s",
  async (body) => {
    expect(await told("data", body)).toEqual([
      "the cell's rows look like its configuration → Put a line `---` before and after the configuration.",
    ]);
  },
);

test("data that only begins like configuration is rows", async () => {
  expect(await told("data", "key: id\n1")).toEqual([]);
  expect(await told("data", "---\nformat: csv\n---\nkey: id")).toEqual([]);
});
