import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startModelServer, type ModelServer } from "./helpers/model-server.ts";
import { command } from "./helpers/run-command.ts";
import { standingFolder } from "./helpers/standing-folder.ts";
import type { TemporaryFolder } from "./helpers/temporary-folder.ts";

const notebook = `---
sheaf: 1
---
\`\`\`data guests
---
format: csv
---
who
Ada
Grace
\`\`\`

\`\`\`\`sheet party
---
rows: guests
key: who
---
\`\`\`prompt greeting
---
model: openai/gpt-4o-mini
---
Greet {{ row.who }}
\`\`\`
\`\`\`\`

\`\`\`test polite
count(party.greeting) == 2
\`\`\`
`;

let folder: TemporaryFolder;
let server: ModelServer;
beforeAll(async () => {
  folder = await standingFolder();
  server = await startModelServer(({ text }) => ({ text: `Hello, ${text}`, usage: { prompt: 10, completion: 5 } }));
  vi.stubEnv("OPENAI_BASE_URL", server.baseUrl);
  vi.stubEnv("OPENAI_API_KEY", "some key");
  for (const name of ["here", "there"]) {
    await mkdir(join(folder.path, name, "datasets"), { recursive: true });
    await writeFile(join(folder.path, name, "party.md"), notebook);
  }
  await writeFile(join(folder.path, "here", "other.md"), notebook.replace("Greet", "Praise"));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

test("what a workspace paid for answers the same calls in another, free and without a key", async () => {
  for (const name of ["party", "other"]) await command("run", `here/${name}.md`, "--yes");
  const calls = server.requests().length;
  expect(calls).toBe(4);
  const exported = await command(
    "cache",
    "export",
    "calls.jsonl",
    "--workspace",
    "here",
    "--notebook",
    "here/party.md",
  );
  expect(exported).toMatchObject({ code: 0, stderr: "2 answers exported\n" });
  const given = await command("cache", "import", "calls.jsonl", "--workspace", "there");
  expect(given).toMatchObject({ code: 0, stderr: "2 answers imported\n" });
  vi.stubEnv("OPENAI_API_KEY", undefined);
  const run = await command("run", "there/party.md", "--json");
  expect(run.code).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ cost: 0, calls: { made: 0, cached: 2 } });
  expect((await command("test", "there/party.md")).code).toBe(0);
  expect(server.requests().length).toBe(calls);
  expect((await command("cache", "import", "calls.jsonl", "--workspace", "there")).stderr).toBe(
    "0 answers imported, 2 were there already\n",
  );
});

test.each([
  [["cache"], /say what to do with which file/],
  [["cache", "export"], /say what to do with which file/],
  [["cache", "import", "nowhere.jsonl", "--workspace", "there"], /there is no file nowhere\.jsonl/],
  [["cache", "import", "there/party.md", "--workspace", "there"], /no file of answers/],
  [["cache", "export", "no/such/folder/calls.jsonl", "--workspace", "here"], /no such file or directory/],
])("%j says what is wrong, and ends with 2", async (words, said) => {
  const { code, stderr } = await command(...words);
  expect(code).toBe(2);
  expect(stderr).toMatch(said);
});
