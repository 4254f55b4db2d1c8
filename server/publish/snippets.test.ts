import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import {
  fence,
  notebookText,
  publishWorkspace,
  type PublishWorkspace,
  type ServedApi,
} from "./__fixtures__/publish-workspace.ts";
import { snippets } from "./snippets.ts";

const execute = promisify(execFile);
let here: PublishWorkspace;
let served: ServedApi;
beforeAll(async () => {
  here = await publishWorkspace();
  served = await here.serve();
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await here[Symbol.asyncDispose]();
});

async function publishedSnippets(given = {}) {
  const { slug } = await here.publish(
    notebookText(
      [
        "inputs:",
        "  message: string",
        "  tone: [formal, plain]",
        "  count: number",
        "  on_top: boolean",
        "  extra: json",
        "  history: messages",
        "  people: table",
        "  rest: { type: string, default: there }",
        "outputs: [said]",
        "",
      ].join("\n"),
      fence(
        "template said",
        "{{ message }}/{{ tone }}/{{ count }}/{{ on_top }}/{{ extra }}/{{ history | length }}/{{ people | length }}/{{ rest }}",
      ),
    ),
  );
  const { contract } = (await here.publishing.publications.open(slug))!;
  return snippets(contract, slug, served.url, given);
}

const hostile = 'it\'s "quoted" $HOME `x` \\n é\n日本';
const expected = `${hostile}/formal/1/true//1/1/there`;

test("the curl snippet runs, whatever is in the inputs", async () => {
  const { curl } = await publishedSnippets({ message: hostile });
  const { stdout } = await execute("sh", ["-c", curl.replace("curl", "curl -s")]);
  expect(JSON.parse(stdout)).toMatchObject({ outputs: { said: expected } });
});

test("the TypeScript snippet runs", async () => {
  await using folder = await temporaryFolder();
  const { typescript } = await publishedSnippets({ message: hostile });
  await writeFile(join(folder.path, "snippet.mts"), typescript);
  const { stdout } = await execute(process.execPath, [join(folder.path, "snippet.mts")]);
  expect(stdout).toBe(`${expected}\n`);
});

test("the Python snippet runs (skipped without python3)", async ({ skip }) => {
  await using folder = await temporaryFolder();
  const { python } = await publishedSnippets({ message: hostile });
  await writeFile(join(folder.path, "snippet.py"), python);
  const there = await execute("python3", ["--version"]).then(
    () => true,
    () => false,
  );
  if (!there) skip("there is no python3");
  const { stdout } = await execute("python3", [join(folder.path, "snippet.py")]);
  expect(stdout).toBe(`${expected}\n`);
});

test("each of them sends numbers with all their digits, and names that mean something in JavaScript", async () => {
  await using folder = await temporaryFolder();
  const extra = JSON.parse('{"__proto__":{"a":1},"b":2}') as object;
  const { curl, typescript } = await publishedSnippets({ count: 123456789012345678901n, extra });
  await writeFile(join(folder.path, "snippet.mts"), typescript);
  const { stdout } = await execute(process.execPath, [join(folder.path, "snippet.mts")]);
  expect(stdout).toContain('/123456789012345678901/true/{"__proto__": {"a": 1}, "b": 2}/');
  const answered = await execute("sh", ["-c", curl.replace("curl", "curl -s")]);
  expect(JSON.parse(answered.stdout)).toMatchObject({ outputs: { said: stdout.trimEnd() } });
});

test("required inputs that are not given have an example of their type, the others are left to their defaults", async () => {
  const { curl } = await publishedSnippets();
  expect(curl).toContain(
    '{"inputs":{"message":"…","tone":"formal","count":1,"on_top":true,"extra":null,"history":[{"role":"user","content":"…"}],"people":[{"text":"…"}]}}',
  );
});
