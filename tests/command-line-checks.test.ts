import { chmod, lstat, mkdir, open, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startModelHub } from "./helpers/model-hub.ts";
import { command } from "./helpers/run-command.ts";
import { standingFolder } from "./helpers/standing-folder.ts";
import type { TemporaryFolder } from "./helpers/temporary-folder.ts";

let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await standingFolder();
  vi.stubEnv("OPENAI_API_KEY", "some key");
  vi.stubEnv("ANTHROPIC_API_KEY", undefined);
});

afterAll(() => folder[Symbol.asyncDispose]());

const fence = (info: string, ...lines: string[]): string => [`\`\`\`${info}`, ...lines, "```", ""].join("\n");

/** A workspace of its own with notebooks in it. */
async function workspace(name: string, files: { readonly [file: string]: string }): Promise<string> {
  const path = join(folder.path, name);
  await mkdir(path);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), text);
  }
  return path;
}

describe("test", () => {
  const head = "---\nsheaf: 1\n---\n";
  const labels = [
    fence("data rows", "id,text", "1,one", "2,two"),
    "````sheet labelled\n---\nrows: rows\n---",
    fence("js value", "return Number(row.id)").trimEnd(),
    "````\n",
  ].join("\n");
  test.for([
    {
      name: "0 where all tests pass",
      text: `${head}${labels}${fence("test gate", "mean(labelled.value) == 1.5")}`,
      code: 0,
      stdout: "gate\n✓ pass  mean(labelled.value) == 1.5\n        1.5 (n 2 of 2, over 2 rows of labelled)\n",
      reasons: "",
    },
    {
      name: "1 where one fails",
      text: `${head}${fence("test gate", "1 + 1 == 2", "1 + 1 == 3")}${fence("test fine", "true")}`,
      code: 1,
      stdout: "gate\n✓ pass  1 + 1 == 2\n✗ fail  1 + 1 == 3\n        2\n\nfine\n✓ pass  true\n",
      reasons: "gate: fail: 1 + 1 == 3\n",
    },
    {
      name: "0 where the rest passes what errors left out",
      text: `${head}${labels.replace("return", "if (row.id === 2) throw new Error(); return")}${fence("test gate", "mean(labelled.value) == 1")}`,
      code: 0,
      stdout: "gate\n✓ pass  mean(labelled.value) == 1\n        1 (n 1 of 2, 1 error, over 2 rows of labelled)\n",
      reasons: "",
    },
    {
      name: "1 where one fails for what an error blocks",
      text: `${head}${labels.replace("return Number(row.id)", "if (row.id === 2) throw new Error(); return 1").replace(/\n````\n$/, `\n${fence("js score", "return value")}\`\`\`\`\n`)}${fence("test gate", "count(labelled.score) == 2")}`,
      code: 1,
      stdout: "gate\n✗ fail  count(labelled.score) == 2\n        1 (n 1 of 2, 1 error, over 2 rows of labelled)\n",
      reasons: "gate: fail: count(labelled.score) == 2\n",
    },
    {
      name: "2 where one is open",
      text: `${head}${labels}${fence("test gate", "mean(labelled.value) == 1.5")}`,
      options: ["--rows", "1"],
      code: 2,
      stdout: expect.stringMatching(/^gate\n… open {2}mean\(labelled\.value\) == 1\.5\n/),
      reasons: "gate: open: mean(labelled.value) == 1.5: 1 of 2 results of `labelled.value` are not settled\n",
    },
    {
      name: "1 where one fails and has lines that are open beside",
      text: `${head}${labels}${fence("test gate", "1 == 2", "mean(labelled.value) == 1.5")}`,
      options: ["--rows", "1"],
      code: 1,
      stdout: expect.stringMatching(/^gate\n✗ fail {2}1 == 2\n… open {2}mean\(labelled\.value\) == 1\.5\n/),
      reasons: "gate: open: mean(labelled.value) == 1.5: 1 of 2 results of `labelled.value` are not settled\n",
    },
    {
      name: "1 where one fails and the front matter has an error beside",
      text: `---\nsheaf: 1\noutputs: [nobody]\n---\n${fence("test gate", "1 == 2")}`,
      code: 1,
      stdout: "gate\n✗ fail  1 == 2\n",
      reasons: "gate: fail: 1 == 2\n",
    },
    {
      name: "2 where all pass and the front matter has an error",
      text: `---\nsheaf: 1\noutputs: [nobody]\n---\n${fence("test gate", "1 == 1")}`,
      code: 2,
      stdout: "gate\n✓ pass  1 == 1\n",
      reasons: "",
    },
    {
      name: "2 where one cannot run",
      text: `${head}${fence("test gate", "mean(nobody.value) == 1.5")}`,
      code: 2,
      stdout: expect.stringContaining("… open  there is no input or cell `nobody`"),
      reasons: "gate: open: there is no input or cell `nobody`\n",
    },
    {
      name: "2 where there are none",
      text: `${head}${labels}`,
      code: 2,
      stdout: "",
      reasons: "notebook.md has no tests\n  Add a cell `test NAME` with one expression a line.\n",
    },
    {
      name: "2 where it is no notebook",
      text: "# Hello\n",
      code: 2,
      stdout: "",
      reasons: "sheaf: notebook.md is no notebook\n  A notebook is Markdown whose front matter has `sheaf: 1`.\n",
    },
  ])("ends with $name", async ({ name, text, options = [], code, stdout, reasons }) => {
    const path = await workspace(`test ${name}`, { "notebook.md": text });
    vi.stubEnv("INIT_CWD", path);
    const end = await command("test", "notebook.md", "--workspace", path, ...options);
    vi.stubEnv("INIT_CWD", folder.path);
    expect({ code: end.code, stdout: end.stdout }).toEqual({ code, stdout });
    expect(end.stderr.endsWith(reasons), end.stderr).toBe(true);
  });
});

describe("fmt and models", () => {
  test("fmt --check says which notebooks are written in another way, and fmt rewrites them", async () => {
    const path = await workspace("fmt", { "loose.md": "---\nsheaf: 1\n---\n# Loose\n```template   a  \nHello\n```" });
    const checked = await command("fmt", "--check", "fmt/loose.md");
    expect(checked).toEqual({
      code: 1,
      stdout: "",
      stderr: "fmt/loose.md is not in Sheaf's spelling\n  Run `sheaf fmt fmt/loose.md`.\n",
    });
    expect(await command("fmt", "fmt/loose.md")).toEqual({ code: 0, stdout: "", stderr: "fmt/loose.md rewritten\n" });
    expect(await readFile(join(path, "loose.md"), "utf8")).toBe(
      "---\nsheaf: 1\n---\n\n# Loose\n\n```template a\nHello\n```\n",
    );
    expect(await command("fmt", "--check", "fmt/loose.md")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("fmt goes on with the other files where one cannot be read or written, and ends with 2", async () => {
    const text = "---\nsheaf: 1\n---\n# Loose\n";
    // What is written first, beside it, has a name that is longer than names may be.
    const long = `${"l".repeat(250)}.md`;
    const path = await workspace("fmt-some", { "plain.md": "# A README\n", "loose.md": text, [long]: text });
    const files = ["gone.md", "plain.md", long, "loose.md"].map((name) => `fmt-some/${name}`);
    const { code, stderr } = await command("fmt", ...files);
    expect(code).toBe(2);
    expect(await readFile(join(path, "loose.md"), "utf8")).toBe("---\nsheaf: 1\n---\n\n# Loose\n");
    expect(stderr).toMatch(/^sheaf: .*gone\.md/);
    expect(stderr).toMatch(/^fmt-some\/loose\.md rewritten$/m);
    expect(stderr).toMatch(
      /^sheaf: fmt-some\/l+\.md cannot be written \(ENAMETOOLONG.*\)\n {2}Give this user the right to write it and its folder\.$/m,
    );
  });

  test("fmt writes a notebook whole or not at all, through a link to it, and as readable as it was", async () => {
    const text = "---\nsheaf: 1\n---\n# Loose\n";
    const path = await workspace("fmt-whole", { "loose.md": text });
    await symlink("loose.md", join(path, "link.md"));
    await chmod(join(path, "loose.md"), 0o640);
    const before = await open(join(path, "loose.md"));
    expect((await command("fmt", "fmt-whole/link.md")).code).toBe(0);
    expect(await before.readFile("utf8")).toBe(text);
    await before.close();
    expect(await readFile(join(path, "loose.md"), "utf8")).toBe("---\nsheaf: 1\n---\n\n# Loose\n");
    expect((await readdir(path)).toSorted()).toEqual(["link.md", "loose.md"]);
    expect((await lstat(join(path, "link.md"))).isSymbolicLink()).toBe(true);
    expect((await stat(join(path, "loose.md"))).mode & 0o777).toBe(0o640);
  });

  test("models lists those on this machine and the providers, with what each needs", async () => {
    const path = await workspace("models", {});
    const { code, stdout, stderr } = await command("models", "list", "--workspace", path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^local\/all-minilm-l6-v2 +\w+ +23 +Apache/m);
    expect(stdout).toMatch(/^openai\/… +OpenAI +OPENAI_API_KEY is set$/m);
    expect(stdout).toMatch(/^anthropic\/… +Anthropic +ANTHROPIC_API_KEY is not set$/m);
  });

  test("models fetches any GGUF file of Hugging Face by its name, lists it, and says which files are none", async () => {
    const path = await workspace("pulled-models", { "models/page.gguf": "<html>" });
    await using hub = await startModelHub("someone/Tiny-GGUF", "Tiny.Q4.gguf");
    vi.stubEnv("HF_ENDPOINT", hub.url);
    const pulled = await command("models", "pull", hub.name, "--workspace", path);
    expect(pulled).toMatchObject({ code: 0, stdout: `local/tiny.q4: ${join(path, "models/Tiny.Q4.gguf")}\n` });
    const { code, stdout, stderr } = await command("models", "list", "--workspace", path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^local\/tiny\.q4 +present +0 +its file names no licence$/m);
    expect(stderr).toMatch(/^models\/page\.gguf is no model that can be used: /);
    const none = await command("models", "pull", "nobody/nothing/x.gguf", "--workspace", path);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("HTTP 404") });
  });

  test("models lists servers of the workspace's own, and says what is wrong with their file", async () => {
    const path = await workspace("own-models", { "endpoints.yaml": "gpu: { url: http://127.0.0.1:9/v1 }\n" });
    const listed = await command("models", "list", "--workspace", path);
    expect(listed).toMatchObject({ code: 0, stderr: "" });
    expect(listed.stdout).toMatch(/^gpu\/… +http:\/\/127\.0\.0\.1:9\/v1 +none needed$/m);
    await writeFile(join(path, "endpoints.yaml"), "gpu: { url: nowhere }\n");
    const { stderr } = await command("models", "list", "--workspace", path);
    expect(stderr).toContain("endpoints.yaml, line 1: nowhere is no HTTP address\nWrite it as in");
  });
});
