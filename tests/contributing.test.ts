import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runProcess } from "./helpers/run-process.ts";
import { temporaryFolder } from "./helpers/temporary-folder.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The walk-throughs: which file to write, and which name goes into which list. */
const steps = [
  {
    file: "server/cells/words.ts",
    list: "server/cells/index.ts",
    name: "words",
    before: "prompt,",
    from: "./words.ts",
  },
  {
    file: "evals/scorers/starts-with.ts",
    list: "evals/scorers/index.ts",
    name: "startsWith",
    before: "equals,",
    from: "./starts-with.ts",
  },
  {
    file: "server/models/shout.ts",
    list: "server/models/index.ts",
    name: "shout",
    before: "openai,",
    from: "./shout.ts",
  },
];

test(
  "a kind, a scorer and a provider are each one file and one line, as CONTRIBUTING says",
  { timeout: 60_000 },
  async () => {
    await using folder = await temporaryFolder();
    const guide = await readFile(join(root, "CONTRIBUTING.md"), "utf8");
    for (const part of ["server", "evals", "package.json", "public/models/README.md"]) {
      await mkdir(dirname(join(folder.path, part)), { recursive: true });
      await cp(join(root, part), join(folder.path, part), { recursive: true });
    }
    await symlink(join(root, "node_modules"), join(folder.path, "node_modules"));

    for (const { file, list, name, before, from } of steps) {
      await writeFile(join(folder.path, file), codeAfter(guide, file));
      const text = await readFile(join(folder.path, list), "utf8");
      expect(text).toContain(before);
      const listed = text.replace(new RegExp(`\\[([^\\]]*)\\b${before}`), `[$1${name}, ${before}`);
      await writeFile(join(folder.path, list), `import { ${name} } from "${from}";\n${listed}`);
    }
    await writeFile(
      join(folder.path, "notebook.md"),
      [
        "---\nsheaf: 1\ninputs: { message: { type: string, default: Dear all of you } }\noutputs: [length, answer, polite]\n---",
        "```words length\ntext: =message\n```",
        "```prompt answer\n---\nmodel: shout/loud\n---\n{{ message }}, {{ length }} words\n```",
        "```score polite\n---\noutput: =answer\n---\n- starts-with: Dear\n```",
      ].join("\n\n"),
    );
    await using process = runProcess(join(folder.path, "server/start.mjs"), {
      arguments: ["run", "notebook.md", "--json"],
      folder: folder.path,
    });
    const { code, stdout, stderr } = await process.ended;
    expect(stderr).not.toContain("error");
    expect(JSON.parse(stdout)).toMatchObject({
      outputs: { length: 4, answer: "Dear all of you, 4 words!", polite: { score: 1, pass: true } },
      calls: { made: 1, cached: 0 },
    });
    expect(code).toBe(0);
  },
);

/** The first TypeScript block after a file's name. */
function codeAfter(guide: string, file: string): string {
  const start = guide.indexOf(`\`${file}\``);
  const code = /```ts\n([\s\S]*?)```/.exec(guide.slice(start));
  if (start < 0 || code === null) throw new Error(`CONTRIBUTING.md does not say what ${file} is`);
  return code[1]!;
}
