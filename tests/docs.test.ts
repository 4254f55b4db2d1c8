import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { cellForms } from "#server/cells/index.ts";
import { endpointFault } from "#server/models/own-endpoints.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import { openModelEndpointFile } from "#server/store/model-endpoint-file.ts";
import { openPriceFile } from "#server/store/price-file.ts";
import { startModelServer } from "./helpers/model-server.ts";
import { command } from "./helpers/run-command.ts";
import { temporaryFolder } from "./helpers/temporary-folder.ts";

/** The blocks of a page in a language, in their order. */
function blocks(page: string, language: string): readonly string[] {
  const text = readFileSync(new URL(`../docs/${page}`, import.meta.url), "utf8");
  return [...text.matchAll(/^(`{3,})(\w+)\n([^]*?)^\1$/gm)].flatMap(([, , word, block]) =>
    word === language ? [block!] : [],
  );
}

test("every YAML of the page about models is a file or a front matter that is read, with nothing wrong", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "some.yaml");
  const read: string[] = [];
  for (const yaml of blocks("models.md", "yaml")) {
    await writeFile(path, yaml);
    const [name = ""] = yaml.split(":");
    if (name === "models") {
      const { front, diagnostics } = parseNotebook(`---\nsheaf: 1\n${yaml}---\n`, cellForms);
      expect(diagnostics, yaml).toEqual([]);
      read.push(`models ${Object.keys(front.models)}`);
    } else if (name.includes("/")) {
      const { models, problem } = openPriceFile(path, () => 0).read();
      expect(problem, yaml).toBeNull();
      read.push(`prices ${Object.keys(models!)}`);
    } else {
      const fault = (...[own, limited]: Parameters<Parameters<typeof openModelEndpointFile>[1]>) =>
        endpointFault(own, limited, {});
      const file = openModelEndpointFile(path, fault, () => 0);
      const { endpoints, problem } = file.read();
      expect(problem, yaml).toBeNull();
      const limited = ["ollama", "openai"].filter((one) => Object.keys(file.limits(one)).length > 0);
      read.push(`endpoints ${Object.keys(endpoints!)} limits ${limited}`);
    }
  }
  expect(read).toEqual([
    "endpoints gpu,ollama limits ",
    "endpoints  limits ollama,openai",
    "models small,big",
    "models here",
    "prices openai/gpt-5-mini,local/gemma-3-270m",
  ]);
});

test("every SQL of the page about tables runs, over calls that were made", async () => {
  await using folder = await temporaryFolder();
  await using server = await startModelServer(() => ({ text: "Hello" }));
  vi.stubEnv("OPENAI_COMPATIBLE_BASE_URL", server.baseUrl);
  const examples = blocks("tables.md", "sql");
  expect(examples.length).toBeGreaterThan(0);
  const file = join(folder.path, "a.md");
  const cells = [
    "prompt greeting\n---\nmodel: server/small\n---\nHi\n",
    ...examples.map((sql, index) => `sql example_${index}\n${sql}`),
  ];
  await writeFile(file, `---\nsheaf: 1\n---\n${cells.map((cell) => `\`\`\`${cell}\`\`\`\n`).join("\n")}`);
  await command("run", file, "--cell", "greeting", "--workspace", folder.path);
  for (const [index, sql] of examples.entries()) {
    const name = `example_${index}`;
    const { stdout } = await command("run", file, "--cell", name, "--workspace", folder.path, "--json");
    const { outcome, value, error } = JSON.parse(stdout).cells[name];
    expect({ outcome, error }, sql).toEqual({ outcome: "ok", error: undefined });
    expect(value.rows, sql).toMatchObject([{ model: "server/small", calls: 1 }]);
  }
  vi.unstubAllEnvs();
});

test("the page about baselines has the file of its notebook, and what is said beside it", async () => {
  await using folder = await temporaryFolder();
  vi.stubEnv("INIT_CWD", folder.path);
  const [notebook = ""] = blocks("baselines.md", "markdown");
  const [kept = ""] = blocks("baselines.md", "jsonl");
  const [said = ""] = blocks("baselines.md", "text");
  const file = join(folder.path, "louder.md");
  await writeFile(file, notebook);
  const sheaf = (...words: readonly string[]) => command(...words, "--workspace", folder.path);
  await sheaf("run", "louder.md");
  await sheaf("baseline", "louder.md");
  // Keys are another's with a release that computes a cell otherwise, and time and prices are those of a day.
  const lasting = (text: string): string =>
    text
      .replace(/"prices":"[^"]*"/, "")
      .replaceAll(/"key":"[^"]*",/g, "")
      .replaceAll(/"latency":\d+|\d+ ms/g, "");
  expect(lasting(await readFile(join(folder.path, "louder.baseline.jsonl"), "utf8"))).toBe(lasting(kept));
  const page = readFileSync(new URL("../docs/baselines.md", import.meta.url), "utf8");
  const [, edited = ""] = /^With the prompt `(.+)` in its place/m.exec(page)!;
  await writeFile(file, notebook.replace("{{ row.word }}!", edited));
  const { code, stderr } = await sheaf("test", "louder.md", "--baseline");
  expect(lasting(stderr)).toContain(lasting(said));
  expect(code).toBe(1);
  vi.unstubAllEnvs();
});
