import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fence, notebookText, publishWorkspace, type PublishWorkspace } from "./__fixtures__/publish-workspace.ts";
import { beginningRecord } from "./request-record.ts";
import { draftDifferences } from "./draft-differences.ts";

let here: PublishWorkspace;
beforeAll(async () => void (here = await publishWorkspace()));
afterAll(() => here[Symbol.asyncDispose]());

const notebook = (model: string, inputs = "n: string", last = "{{ first }}"): string =>
  notebookText(
    `inputs: { ${inputs} }\noutputs: [second]\n`,
    fence("prompt first", `---\nmodel: ${model}\nmax_tokens: 50\n---\n${"Please answer me. ".repeat(100)}{{ n }}`),
    fence("template second", last),
  );

async function differences(slug: string, text: string): Promise<readonly string[]> {
  const found = await draftDifferences(slug, text, here.publishing.publications, here.workspace.runtime);
  return found!.map(({ breaks, text }) => `${breaks ? "! " : ""}${text}`);
}

test("where the live version cannot run any more, that is what a draft that can would change", async () => {
  await writeFile(join(here.workspace.folder, "endpoints.yaml"), "mine: { url: http://127.0.0.1:9/v1 }\n");
  const { slug } = await here.publish(notebook("mine/small"));
  await rm(join(here.workspace.folder, "endpoints.yaml"));
  await here.restart();
  expect(await here.run(slug, { n: "1" })).toMatchObject({
    status: 503,
    body: { error: { code: "request.unavailable" } },
  });
  expect(await differences(slug, notebook("echo/text"))).toEqual([
    expect.stringMatching(/^the live version cannot run here any more, so what else changes cannot be told: .*mine/),
  ]);
  await here.publish(notebook("echo/text"), { slug, notebook: `${slug}.md` });
  expect((await here.run(slug, { n: "1" })).status).toBe(200);
});

test("a request that was recorded and is no value here leaves the price open, and nothing else", async () => {
  const { slug } = await here.publish(notebook("openai/gpt-5-mini", "n: string, deep: { type: json, default: null }"));
  const inputs = `{"n":"1","deep":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
  const request = { id: "deep", slug, version: 1, mode: "async", inputs, startedAt: Date.now() } as const;
  await here.workspace.runtime.store.requests.put({
    ...beginningRecord(request),
    status: "failed",
    endedAt: Date.now(),
  });
  expect(await differences(slug, notebook("openai/gpt-5", "n: string, deep: { type: json, default: null }"))).toEqual([
    "openai/gpt-5 answers instead of openai/gpt-5-mini",
  ]);
});

test("a draft is held against the live version as its callers would notice it, at the price of the last request, and nothing is sent", async () => {
  const { slug } = await here.publish(notebook("openai/gpt-5-mini"));
  await here.run(slug, { n: "priced" });
  here.workspace.sent();
  expect(await differences(slug, notebook("openai/gpt-5-mini"))).toEqual([]);
  expect(await differences(slug, notebook("openai/gpt-5-mini", "n: string", "{{ first | upper }}"))).toEqual([]);
  const dearer = await differences(slug, notebook("openai/gpt-5", "n: string, other: { default: 1 }"));
  expect(dearer).toEqual([
    "`other` is a new input, 1 where it is not given",
    "openai/gpt-5 answers instead of openai/gpt-5-mini",
    expect.stringMatching(/^a request costs about \$0\.\d+ instead of \$0\.\d+, [1-9][\d.]* times as much$/),
  ]);
  expect(await differences(slug, notebook("server/small", "m: string"))).toEqual(
    expect.arrayContaining(["! `n` is no input any more: requests that give it are refused"]),
  );
  expect(here.workspace.sent()).toEqual([]);
  expect(await draftDifferences("nothing", "", here.publishing.publications, here.workspace.runtime)).toBeNull();
});
