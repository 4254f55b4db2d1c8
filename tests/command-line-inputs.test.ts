import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { command } from "./helpers/run-command.ts";
import { temporaryFolder, type TemporaryFolder } from "./helpers/temporary-folder.ts";

const notebook = `---
sheaf: 1
inputs:
  message: { type: string, default: "" }
  facts: { type: json, default: { colours: [] } }
  people: { type: table, default: [{ name: Ada }] }
  talk: { type: messages, default: [] }
  place: ["@home", away]
  contract: file
  scan: image
---
\`\`\`template text
{{ message }}
\`\`\`
\`\`\`template data
{{ facts.colours | join("+") }}
\`\`\`
\`\`\`sql named
select name from people
\`\`\`
\`\`\`template said
{% for one in talk %}{{ one.role }}: {{ one.content }}{% endfor %}
\`\`\`
\`\`\`template files
{{ contract.name }} {{ contract.mediaType }} {{ contract.bytes }}, {{ scan.name }} {{ scan.mediaType }}
\`\`\`
\`\`\`template placed
{{ place }}
\`\`\`
`;

const files: { readonly [name: string]: string | Buffer } = {
  "letter.txt": "Dear Ada",
  "facts.yaml": "colours: [red, blue]\n",
  "people.csv": "name\nGrace\n",
  "talk.json": '[{"role":"user","content":"Hi"}]',
  "contract.pdf": "%PDF-1.7 of a kind",
  "scan.gif": Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64"),
};

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
  // Where one stands is neither the workspace nor the notebook's folder.
  await mkdir(join(folder.path, "standing"));
  await mkdir(join(folder.path, "workspace", "datasets"), { recursive: true });
  await writeFile(join(folder.path, "workspace", "inputs.md"), notebook);
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder.path, "standing", name), content);
  vi.stubEnv("INIT_CWD", join(folder.path, "standing"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await folder[Symbol.asyncDispose]();
});

const file = "../workspace/inputs.md";
const run = (...settings: string[]) => command("run", file, ...settings.flatMap((setting) => ["--set", setting]));
/** The line that says what a run came to. */
const lastLine = (text: string): string | undefined => text.trimEnd().split("\n").at(-1);

describe("--set name=@FILE", () => {
  test("gives an input what a file holds, found from where one stands, and two @ stand for one", async () => {
    const settings = [
      `message=@${join(folder.path, "standing", "letter.txt")}`,
      "facts=@facts.yaml",
      "people=@people.csv",
      "talk=@talk.json",
      "contract=@contract.pdf",
      "scan=@../standing/scan.gif",
      "place=@@home",
    ];
    const { code, stdout } = await command("run", file, "--json", ...settings.flatMap((one) => ["--set", one]));
    const { cells } = JSON.parse(stdout) as { cells: { [name: string]: { value: unknown } } };
    expect(code).toBe(0);
    expect(Object.fromEntries(Object.entries(cells).map(([name, { value }]) => [name, value]))).toEqual({
      text: "Dear Ada",
      data: "red+blue",
      named: { columns: [{ name: "name", type: "string" }], rowCount: 1, rows: [{ name: "Grace" }] },
      said: "user: Hi",
      files: "contract.pdf application/pdf 18, scan.gif image/gif",
      placed: "@home",
    });
  });

  test("has what reads the input computed again when the file has changed, and not before", async () => {
    const changing = () => command("run", file, "--cell", "text", "--set", "message=@changing.txt");
    await writeFile(join(folder.path, "standing", "changing.txt"), "one");
    await changing();
    expect((await changing()).stderr).toMatch(/^Nothing to compute/);
    await writeFile(join(folder.path, "standing", "changing.txt"), "two");
    const { stdout, stderr } = await changing();
    expect(stdout).toContain("two");
    expect(stderr).toMatch(/^1 computed/);
  });

  test.each([
    ["message=@nowhere.txt", "there is no file nowhere.txt for the input `message`", "`@@` stands for one `@`"],
    ["message=@", " is no file for the input `message`", "`@@` stands for one `@`"],
    ["scan=scan.gif", "the input `scan` is an image, and this is a text", "Write `--set scan=@FILE`."],
    ["contract={}", "the input `contract` is a file, and this is a text", "Write `--set contract=@FILE`."],
    ["facts=facts.yaml", "the input `facts` is no JSON: facts.yaml", "`--set facts=@FILE`"],
    [
      "facts=[1e400]",
      "the input `facts` cannot be read: a number is larger than any there is",
      "as a text where all its digits matter",
    ],
    ["people=people.csv", "there is no dataset file people.csv", "A file elsewhere is `--set people=@people.csv`."],
    ["place=@home", "the input `place` is a choice, which is not read from a file", "`@@` at its start"],
    ["nobody=@letter.txt", "there is no input `nobody`", "There are: message, facts"],
  ])("that cannot be is an error that says what to do: %s", async (setting, message, cure) => {
    const { code, stdout, stderr } = await run(setting);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.startsWith(`sheaf: ${message}\n  `)).toBe(true);
    expect(stderr).toContain(cure);
  });
});

test("--set gives whole numbers with all their digits", async () => {
  const numbers = join(folder.path, "workspace", "numbers.md");
  await writeFile(
    numbers,
    "---\nsheaf: 1\ninputs: { n: number, j: json, t: table }\n---\n\n```template line\n{{ n }} {{ n + 1 }} {{ j }}\n```\n\n```sql q\nselect a, typeof(a) as type from $t\n```\n".replace(
      "from $t",
      "from t",
    ),
  );
  const set = ["n=9007199254740993", "j=[9007199254740995]", 't=[{"a":9007199254740997}]'];
  const { code, stdout } = await command("run", numbers, ...set.flatMap((one) => ["--set", one]));
  expect(code).toBe(0);
  expect(stdout).toContain("9007199254740993 9007199254740994 [9007199254740995]");
  expect(stdout).toMatch(/^9007199254740997 +BIGINT$/m);
  const { stderr } = await command("run", numbers, "--set", "n=1e400");
  expect(stderr).toMatch(/^sheaf: the input `n` cannot be read: the number is larger than any there is$/m);
});

describe("a field that an input decides", () => {
  const repeated = (): string => join(folder.path, "workspace", "repeated.md");
  beforeAll(() =>
    writeFile(
      repeated(),
      "---\nsheaf: 1\ninputs: { n: number }\n---\n\n```template line\n---\nrepeat: =n\n---\nhere\n```\n",
    ),
  );

  test("goes by what is given", async () => {
    const { code, stdout } = await command("run", repeated(), "--set", "n=2");
    expect(code).toBe(0);
    expect(stdout.match(/here/g)).toHaveLength(2);
  });

  test("keeps its cell from running without, and the input is told as any other", async () => {
    const { code, stderr } = await command("run", repeated());
    expect(code).toBe(1);
    expect(stderr).toContain(`${repeated()}:3:11: 1 input has no value: n (number)\n`);
  });
});

describe("inputs without a value", () => {
  test("are told in one error with their types, and a command line that gives them", async () => {
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `${file}:8:3: 3 inputs have no value: place (@home or away), contract (file), scan (image)\n` +
        "  Give defaults in the front matter, or write, for example:\n" +
        `    sheaf run ${file} --set place=@@home --set contract=@contract.pdf --set scan=@scan.png\n` +
        `${lastLine(stderr)}\n`,
    );
  });

  test("are told where what was asked for reads them, and only there", async () => {
    const { stderr } = await command("test", file, "--cell", "files", "--set", "scan=@scan.gif");
    expect(stderr).toContain(
      `${file}:9:3: 1 input has no value: contract (file)\n` +
        "  Give defaults in the front matter, or write, for example:\n" +
        `    sheaf test ${file} --set contract=@contract.pdf\n`,
    );
    const alone = await command("run", file, "--cell", "said");
    expect(alone.code).toBe(0);
    expect(alone.stderr).toBe(`${lastLine(alone.stderr)}\n`);
  });
});
