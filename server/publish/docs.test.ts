import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publishWorkspace, type PublishWorkspace } from "./__fixtures__/publish-workspace.ts";

const page = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");
const notebook = /^`````markdown\n([\s\S]*?)^`````$/m.exec(page)![1]!;
const blocks = [...page.matchAll(/^```http\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);

let here: PublishWorkspace;
beforeAll(async () => {
  here = await publishWorkspace();
  await here.publish(notebook, { slug: "greeting" });
});
afterAll(() => here[Symbol.asyncDispose]());

interface Message {
  readonly first: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

function read(block: string): Message {
  const [head, ...rest] = block.split("\n\n");
  const [first, ...headers] = head!.trim().split("\n");
  return {
    first: first!,
    headers: Object.fromEntries(headers.map((line) => line.split(": ") as [string, string])),
    body: rest.join("\n\n").trim(),
  };
}

/** What a text or JSON on the page stands for: `…` for anything. */
function matching(expected: unknown): unknown {
  if (expected === "…") return expect.anything() as unknown;
  if (Array.isArray(expected)) return expected.map(matching);
  if (expected === null || typeof expected !== "object") return expected;
  return Object.fromEntries(Object.entries(expected).map(([name, member]) => [name, matching(member)]));
}

function textPattern(text: string): RegExp {
  const parts = text.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^"]+')}$`);
}

describe("the page of the API", () => {
  test("has examples that are answered as it says", { timeout: 60_000 }, async () => {
    expect(blocks.length).toBe(14);
    let lastRun = "";
    for (let index = 0; index < blocks.length; index += 2) {
      const [request, expected] = [read(blocks[index]!), read(blocks[index + 1]!)];
      const [method, path] = request.first.split(" ");
      const url = path!.replace("…", lastRun);
      if (method === "GET") await expect.poll(async () => (await here.ask("GET", url)).body.status).toBe("done");
      const answer = await here.api.request(url, {
        method: method!,
        headers: request.headers,
        ...(method === "POST" ? { body: request.body } : {}),
      });
      expect(`${request.body} ${answer.status}`).toBe(`${request.body} ${expected.first.split(" ")[1]}`);
      for (const [name, value] of Object.entries(expected.headers))
        expect(answer.headers.get(name)).toMatch(textPattern(value));
      const text = await answer.text();
      if (expected.headers["Content-Type"] === "application/json") {
        expect(JSON.parse(text)).toEqual(matching(JSON.parse(expected.body)));
        lastRun = (JSON.parse(text) as { runId?: string }).runId ?? lastRun;
      } else expect(text.trim()).toMatch(textPattern(expected.body));
    }
  });

  test("names every code and status there is", () => {
    const sources = ["publish-api.ts", "read-body.ts", "request-answer.ts", "caller-error.ts"].map((name) =>
      readFileSync(new URL(name, import.meta.url), "utf8"),
    );
    const codes = new Set(sources.flatMap((source) => source.match(/"(?:request|output|answer)\.[a-z-]+"/g) ?? []));
    expect(codes.size).toBeGreaterThan(10);
    for (const code of codes) expect(page).toContain(`\`${JSON.parse(code)}\``);
  });
});
