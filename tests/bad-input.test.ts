import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { command } from "./helpers/run-command.ts";
import { standingFolder } from "./helpers/standing-folder.ts";
import type { TemporaryFolder } from "./helpers/temporary-folder.ts";

let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await standingFolder();
});

afterAll(() => folder[Symbol.asyncDispose]());

/** Writes a file into the workspace and runs it as a notebook. */
async function runFile(name: string, content: string | Buffer, ...options: string[]) {
  await writeFile(join(folder.path, name), content);
  return command("run", name, "--workspace", folder.path, ...options);
}

const fence = (info: string, ...lines: string[]): string => ["```" + info, ...lines, "```"].join("\n");

describe("a file that is no notebook is not run, and says why", () => {
  const tells = "  A notebook is Markdown whose front matter has `sheaf: 1`.\n";
  const cases: readonly { readonly name: string; readonly content: string | Buffer; readonly error: string }[] = [
    {
      name: "a README",
      content: `# Hello\n\n${fence("sql known", "select 1")}\n`,
      error: `sheaf: file.md is no notebook\n${tells}`,
    },
    {
      name: "front matter that is no mapping",
      content: "---\n- sheaf: 1\n---\n",
      error:
        "file.md:2:1: the front matter is a list, not a mapping\n  Write lines of `key: value`.\n" +
        `sheaf: file.md is no notebook\n${tells}`,
    },
    {
      name: "front matter without its end",
      content: "---\nsheaf: 1\n\n# Hello\n",
      error:
        "file.md:1:1: the front matter has no `---` line at its end, so this is not a notebook\n  Add a line `---` below the last key.\n" +
        `sheaf: file.md is no notebook\n${tells}`,
    },
    {
      name: "a format of the future",
      content: "---\nsheaf: 7\n---\n",
      error:
        'file.md:2:8: version "7" of the format is not known; known is 1\n  Open the notebook with a newer release, or write `sheaf: 1`.\n' +
        `sheaf: file.md is no notebook\n${tells}`,
    },
    {
      name: "bytes that are no text",
      content: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe]),
      error: "sheaf: file.md is no UTF-8 text\n  Save it as UTF-8.\n",
    },
    {
      name: "another encoding than UTF-8",
      content: Buffer.from("---\nsheaf: 1\ntitle: Zoë\n---\n", "latin1"),
      error: "sheaf: file.md is no UTF-8 text\n  Save it as UTF-8.\n",
    },
    {
      name: "50 MB",
      content: Buffer.alloc(50_000_000, "---\nsheaf: 1\n---\n"),
      error:
        "sheaf: file.md has 50 MB; a notebook has at most 5 million characters\n" +
        "  Put its data into a file below datasets/ and read that.\n",
    },
  ];
  test.for(cases)("$name", async ({ content, error }) => {
    expect(await runFile("file.md", content)).toEqual({ code: 2, stdout: "", stderr: error });
    const kept = await readFile(join(folder.path, "file.md"));
    // Compared by itself: an assertion would walk through 50 million bytes one by one.
    expect(kept.equals(Buffer.from(content as string))).toBe(true);
  });

  test("more characters than a notebook has, in fewer bytes than are read at most", async () => {
    const { stderr } = await runFile("file.md", `---\nsheaf: 1\n---\n${"a".repeat(5_100_000)}`);
    expect(stderr).toMatch(
      /^sheaf: (?:1:1: )?file\.md: the text has 5100017 characters; a notebook has at most 5000000\n {2}Move data into files .*\n$/,
    );
  });

  test("a folder, and no file", async () => {
    expect((await command("run", ".")).stderr).toMatch(/^sheaf: \. is a folder\n {2}Name a notebook's file/);
  });

  test("there is no such file", async () => {
    expect(await command("run", "nobody.md")).toEqual({
      code: 2,
      stdout: "",
      stderr: "sheaf: there is no file nobody.md\n  Name a notebook's file, as in public/examples/card-triage.md.\n",
    });
  });
});

describe("words on the command line that mean nothing", () => {
  test.for([
    { words: ["walk"], error: /^sheaf: there is no command walk\nsheaf serve/ },
    { words: ["run"], error: /^sheaf: name one notebook\n {2}sheaf run FILE/ },
    { words: ["run", "fine.md", "--colour"], error: /^sheaf: Unknown option '--colour'/ },
    { words: ["run", "fine.md", "--rows", "0"], error: "sheaf: --rows is 0\n  Give a whole number over 0.\n" },
    {
      words: ["run", "fine.md", "--budget", "much"],
      error: "sheaf: --budget is much\n  Give US dollars as a number, as in 0.50.\n",
    },
    {
      words: ["run", "fine.md", "--set", "n"],
      error: "sheaf: --set n sets nothing\n  Write `--set name=value`, or `--set name=@FILE`.\n",
    },
    {
      words: ["run", "fine.md", "--set", "n=many"],
      error: /^sheaf: the input `n` is .*many.*\n {2}Give a number\.\n$/,
    },
    { words: ["run", "fine.md", "--set", "m=1"], error: "sheaf: there is no input `m`\n  There are: n.\n" },
    { words: ["run", "fine.md", "--cell", "b"], error: "sheaf: there is no cell b\n  There are: a.\n" },
  ])("$words", async ({ words, error }) => {
    const text = `---\nsheaf: 1\ninputs:\n  n: { type: number, default: 1 }\n---\n${fence("template a", "{{ n }}")}\n`;
    await writeFile(join(folder.path, "fine.md"), text);
    const options = words.length > 1 ? ["--workspace", folder.path] : [];
    const end = await command(...words, ...options);
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toEqual(typeof error === "string" ? error : expect.stringMatching(error));
  });
});

describe("a workspace that cannot be written", () => {
  test("a file stands in its way", async () => {
    await writeFile(join(folder.path, "inner"), "");
    const { code, stdout, stderr } = await runFile(
      "fine.md",
      "---\nsheaf: 1\n---\n",
      "--workspace",
      join(folder.path, "inner"),
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /^sheaf: .*inner\/\.sheaf\/state cannot be made: .*\n {2}Rename what is in the way of .*, or choose another folder with --workspace\.\n$/,
    );
  });

  test.skipIf(process.getuid?.() === 0)("it is another's", async () => {
    const other = join(folder.path, "other");
    await mkdir(other);
    await chmod(other, 0o555);
    const { code, stderr } = await runFile("fine.md", "---\nsheaf: 1\n---\n", "--workspace", other);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^sheaf: .*other\/\.sheaf\/state cannot be written .*\n {2}Give this user the right to write/,
    );
  });

  test.runIf(existsSync("/proc/self"))("it is where no folder can be made", async () => {
    const { code, stderr } = await runFile("fine.md", "---\nsheaf: 1\n---\n", "--workspace", "/proc/self/nowhere");
    expect(code).toBe(2);
    expect(stderr).toMatch(/^sheaf: .*\.sheaf\/state cannot be written .*\n {2}Give this user the right to write/);
  });
});

describe("a Node that is too old", () => {
  const start = fileURLToPath(new URL("../server/start.mjs", import.meta.url));
  const pretend = `data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.11.1" } })`;

  test("is told, with what to do", () => {
    const old = oldNode();
    const version = old?.version ?? "20.11.1";
    const words = old === null ? ["--import", pretend, start] : [start];
    const ran = failed(() => execFileSync(old?.path ?? process.execPath, [...words, "run", "x.md"], { stdio: "pipe" }));
    expect(ran.status).toBe(2);
    expect(String(ran.stderr)).toMatch(
      new RegExp(
        `^sheaf: Node ${version} is too old: Node 24 or newer is needed\\.\nRun \`npm ci\` .*install Node 24\\.\n$`,
      ),
    );
  });
});

/** A Node older than 24 that this machine has besides that of the project. */
function oldNode(): { readonly path: string; readonly version: string } | null {
  for (const place of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(place, "node");
    if (place.includes("node_modules") || !existsSync(path)) continue;
    const version = execFileSync(path, ["--version"], { encoding: "utf8" }).trim().slice(1);
    if (Number(version.split(".")[0]) < 24) return { path, version };
  }
  return null;
}

function failed(run: () => unknown): { readonly status: number; readonly stderr: Buffer } {
  try {
    run();
  } catch (thrown) {
    return thrown as { status: number; stderr: Buffer };
  }
  throw new Error("it did not fail");
}
