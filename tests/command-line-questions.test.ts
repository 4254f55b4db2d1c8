import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startModelServer } from "./helpers/model-server.ts";
import { commandAt, type CommandEnd } from "./helpers/run-command.ts";
import { standingFolder } from "./helpers/standing-folder.ts";
import type { TemporaryFolder } from "./helpers/temporary-folder.ts";

const fence = (info: string, ...lines: string[]): string => [`\`\`\`${info}`, ...lines, "```", ""].join("\n");

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await standingFolder();
  await mkdir(join(folder.path, "datasets"));
});

afterEach(() => folder[Symbol.asyncDispose]());

/** A command on a terminal where somebody sits who answers every question so; with what was asked. */
async function answering(
  answer: boolean,
  ...words: string[]
): Promise<CommandEnd & { readonly questions: readonly string[] }> {
  const questions: string[] = [];
  const ask = async (question: string): Promise<boolean> => {
    questions.push(question);
    return answer;
  };
  return { ...(await commandAt({ isInteractive: true, ask }, ...words)), questions };
}

/** Where models are fetched from, with none there; nothing else is reached. */
async function emptyHub(): Promise<AsyncDisposable & { readonly paths: readonly string[] }> {
  const paths: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    paths.push(url);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("HF_ENDPOINT", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("PIP_NO_INDEX", "1");
  return {
    paths,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("the terms of a model's licence", () => {
  const model = "local/gemma-3-270m";
  const question = "Do you agree to these terms?";
  const terms = /comes under the Gemma Terms of Use, https:\/\/[^]*without warranty/;
  const bound = [
    "---\nsheaf: 1\n---",
    fence("prompt bound", "---", `model: ${model}`, "completion: true", "---", "Hi"),
  ];

  test("are a question of `run`: after a yes the model is fetched, and they are not asked about again", async () => {
    await using hub = await emptyHub();
    await writeFile(join(folder.path, "a.md"), bound.join("\n"));
    const agreed = await answering(true, "run", "a.md");
    expect(agreed.questions).toEqual([question]);
    expect(agreed.stderr).toMatch(terms);
    expect(agreed.stderr).not.toContain("Not agreed to");
    expect(agreed.stderr).toContain(`${model} could not be fetched. Hugging Face: `);
    expect(hub.paths).toEqual([expect.stringMatching(/gemma-3-270m-q4_k_m\.gguf$/)]);
    expect(await answering(false, "run", "a.md")).toMatchObject({ questions: [] });
    expect(hub.paths).toHaveLength(2);
  });

  test("are a question of `run`: after a no its cells wait, and they are asked about again", async () => {
    await using hub = await emptyHub();
    await writeFile(join(folder.path, "a.md"), bound.join("\n"));
    for (let time = 0; time < 2; time += 1) {
      const refused = await answering(false, "run", "a.md");
      expect(refused).toMatchObject({ code: 1, questions: [question] });
      expect(refused.stderr).toContain(`Not agreed to: cells that use ${model} wait.`);
    }
    expect(hub.paths).toEqual([]);
  });

  test("are a question of `models pull`: after a no nothing is fetched, and it ends with 1", async () => {
    await using hub = await emptyHub();
    const refused = await answering(false, "models", "pull", model);
    expect(refused).toMatchObject({ code: 1, stdout: "", questions: [question] });
    expect(refused.stderr).toMatch(terms);
    expect(refused.stderr).toMatch(/\n\nNot fetched\. Add --agree to agree\.\n$/);
    expect(hub.paths).toEqual([]);
    const agreed = await answering(true, "models", "pull", model);
    expect(agreed).toMatchObject({ code: 2, questions: [question] });
    expect(hub.paths).toHaveLength(1);
  });
});

describe("money over the threshold", () => {
  const question = "Go on?";
  const costly = [
    "---\nsheaf: 1\n---",
    fence("sql lines", "select 'line ' || i as text from range(100) t(i) order by i"),
    "````sheet all_lines\n---\nrows: lines\n---",
    fence("prompt answer", "---", "model: openai/gpt-5-mini", "---", "{{ row.text }}").trimEnd(),
    "````",
  ].join("\n");

  test.for([
    { word: "yes", answer: true, code: 0, calls: 100 },
    { word: "no", answer: false, code: 2, calls: 0 },
  ])("is a question of `run`: after a $word $calls calls are sent", async ({ answer, code, calls }) => {
    await using server = await startModelServer(() => ({ text: "yes" }));
    vi.stubEnv("OPENAI_BASE_URL", server.baseUrl);
    vi.stubEnv("OPENAI_API_KEY", "some key");
    await writeFile(join(folder.path, "a.md"), costly);
    const end = await answering(answer, "run", "a.md");
    expect(end.stderr).toMatch(/^100 calls, \$[\d.]+ to \$0\.\d+, /);
    expect(end).toMatchObject({ code, questions: [question] });
    expect(end.stderr.includes("Not run: that may cost more than $0.50.")).toBe(!answer);
    expect(server.requests()).toHaveLength(calls);
  });
});
