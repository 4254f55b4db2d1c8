import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startModelHub, type ModelHub } from "../helpers/model-hub.ts";
import { startModelServer, type ModelServer } from "../helpers/model-server.ts";
import { openWorkbench, seriousProblems, type Workbench } from "./open-workbench.ts";

const notebook = `---
sheaf: 1
title: Letters
---

\`\`\`prompt answer
---
model: openai/gpt-4o-mini
---
Say hello.
\`\`\`
`;

let listed: readonly object[] | null;
let models: ModelServer;
let hub: ModelHub;
let free = Promise.resolve();
let workbench: Workbench;

beforeAll(async () => {
  listed = [
    { id: "gpt-5-mini" },
    { id: "gpt-3.5-turbo" },
    { id: "text-embedding-3-small" },
    { id: "gpt-next", context_length: 64_000 },
  ];
  models = await startModelServer(
    ({ body, text }) => {
      if (text.includes("Slowly")) return { text: "", hang: "at-once" };
      return body.model === "gpt-next" ? { status: 400, text: "no such model here" } : { text: "Good day." };
    },
    () => listed!,
  );
  hub = await startModelHub("someone/Tiny-GGUF", "Tiny-Model.Q4.gguf", () => free);
  workbench = await openWorkbench(
    { letters: notebook },
    { OPENAI_BASE_URL: models.baseUrl, OPENAI_API_KEY: "test", HF_ENDPOINT: hub.url },
  );
}, 60_000);
afterAll(async () => {
  await workbench[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

describe("the page Models", { timeout: 60_000 }, () => {
  test("asks providers, lists what theirs can do, read and cost, finds and sorts them, and tries one by the keyboard", async () => {
    await using opened = await workbench.open("/models");
    const { page, complaints } = opened;
    const provider = page
      .getByRole("list", { name: "Providers" })
      .getByRole("listitem")
      .filter({ hasText: "openai/…" });
    await provider.getByText("4 models").waitFor();
    const table = page.getByRole("table", { name: "Models of providers" });
    const row = (name: string) => table.getByRole("row").filter({ hasText: name });
    const facts = row("openai/gpt-5-mini").getByRole("cell");
    await expect
      .poll(() => facts.allInnerTexts())
      .toEqual([expect.stringMatching(/images\s*schema\s*reasoning/), "400k", "$0.25", "$2", ""]);
    expect(await row("openai/gpt-3.5-turbo").innerText()).toMatch(/text only\s*schema in words/);
    expect(await row("openai/gpt-next").innerText()).toContain("64k");

    const find = page.getByRole("searchbox", { name: "Find models" });
    await find.fill("embed");
    await page.getByText("1 of 4 models").waitFor();
    // One that embeds is tried by a text.
    await table.getByRole("button", { name: "Try openai/text-embedding-3-small" }).press("Enter");
    await table.getByRole("button", { name: /^Call it · (≈|<)/ }).press("Enter");
    await table.getByText("A vector of 2 numbers.").waitFor();
    await table.getByText(/ tokens in, 0 out · .*\$0/).waitFor();
    expect(models.requests().map(({ path }) => path)).toEqual([expect.stringMatching(/\/embeddings$/)]);
    await find.fill("");
    await table.getByRole("button", { name: "Context" }).click();
    await table.getByRole("button", { name: "Context" }).click();
    expect(await table.getByRole("columnheader", { name: "Context" }).getAttribute("aria-sort")).toBe("descending");
    expect(await table.getByRole("rowheader").first().innerText()).toBe("openai/gpt-5-mini");
    expect(await seriousProblems(page)).toEqual([]);

    await table.getByRole("button", { name: "Try openai/gpt-5-mini" }).focus();
    await page.keyboard.press("Enter");
    // It is paid for: what it costs is said, and nothing is sent before it is called.
    await table.getByRole("button", { name: /^Call it · (≈|<)/ }).focus();
    expect(models.requests()).toHaveLength(1);
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await table.getByText("Good day.").waitFor();
    await table.getByRole("button", { name: "Call it · 1 from cache" }).waitFor();
    await table.getByRole("button", { name: "Try openai/gpt-next" }).focus();
    await page.keyboard.press("Enter");
    await table.getByRole("button", { name: "Call it · unpriced" }).focus();
    await page.keyboard.press("Enter");
    await table.getByRole("alert").getByText("no such model here").waitFor();
    await page.reload();
    await provider
      .getByText(/Last call, just now, of\s*openai\/gpt-next: OpenAI \(HTTP 400\): no such model here/)
      .waitFor();
    // The call that was refused is one the browser notes.
    expect(complaints.filter((text) => !/models\.tryCall|status of 400/.test(text))).toEqual([]);
  });

  test("ends the call of what is closed or left: nobody would see its answer", async () => {
    await using opened = await workbench.open("/models");
    const { page, complaints } = opened;
    const table = page.getByRole("table", { name: "Models of providers" });
    const open = table.getByRole("button", { name: "Try openai/gpt-5-mini" });
    const call = async (): Promise<void> => {
      await open.click();
      await table.getByRole("textbox", { name: "Text" }).fill("Slowly");
      await table.getByRole("button", { name: "Call it" }).click();
      await models.until((server) => server.inFlight().length === 1);
    };
    await call();
    await open.click();
    await models.until((server) => server.inFlight().length === 0);
    await call();
    await page.getByRole("link", { name: "Notebooks", exact: true }).click();
    await models.until((server) => server.inFlight().length === 0);
    expect(complaints).toEqual([]);
  });

  test("takes what people know better, and refuses by it before anything is sent", async () => {
    await using opened = await workbench.open("/models");
    const { page } = opened;
    const table = page.getByRole("table", { name: "Models of providers" });
    const name = "openai/gpt-3.5-turbo";
    await table.getByRole("button", { name, exact: true }).click();
    const form = table.getByRole("group", { name: `What ${name} can do` });
    await form.getByText("Documented at platform.openai.com").first().waitFor();
    await form.getByLabel("Reads images").selectOption("yes, I say");
    await form.getByText("This workspace says so.").waitFor();
    await form.getByLabel("Context, in tokens").fill("3");
    await page.keyboard.press("Tab");
    const row = table.getByRole("row").filter({ hasText: name }).first();
    await expect.poll(() => row.innerText()).toMatch(/images[\s\S]*3/);
    const before = models.requests().length;
    await table.getByRole("button", { name: `Try ${name}` }).click();
    await table.getByText("the request has at least 5 tokens and openai/gpt-3.5-turbo reads at most 3").waitFor();
    expect(models.requests()).toHaveLength(before);
    expect(await seriousProblems(page)).toEqual([]);
  });

  test("stays with what is typed, fetched and answered on it when its list cannot be read again, until it can", async () => {
    await using opened = await workbench.open("/models");
    const { page } = opened;
    await page.getByRole("list", { name: "Providers" }).getByText("4 models").waitFor();
    await page.getByRole("combobox", { name: "Model" }).fill("openai/gpt-5-mini");
    await page.getByRole("button", { name: "Call it" }).click();
    await page.getByText("Good day.").waitFor();
    const named = page.getByRole("form", { name: "Name an endpoint" }).getByLabel("Name");
    await named.fill("half a na");
    let release = (): void => {};
    free = new Promise((resolve) => (release = resolve));
    const form = page.getByRole("form", { name: "Fetch a model by its name" });
    await form.getByLabel("GGUF file at Hugging Face").fill(hub.name);
    await page.keyboard.press("Enter");
    const stop = form.getByRole("button", { name: "Stop" });
    await stop.waitFor();
    await page.route(/models\.list/, (route) => route.abort());
    await page.getByRole("button", { name: "Ask openai for its models" }).click();
    const problem = page.getByRole("alert").filter({ hasText: "the server did not answer" });
    await problem.waitFor();
    expect(await page.getByText("Good day.").isVisible()).toBe(true);
    expect(await named.inputValue()).toBe("half a na");
    expect(await stop.isVisible()).toBe(true);
    expect(await seriousProblems(page)).toEqual([]);
    await page.unroute(/models\.list/);
    await page.getByRole("button", { name: "Ask openai for its models" }).click();
    await problem.waitFor({ state: "detached" });
    expect(await named.inputValue()).toBe("half a na");
    await stop.click();
    await stop.waitFor({ state: "detached" });
    release();
  });

  test("fetches a model of this machine by its name, says why one is not to be had, and shows files put into its folder", async () => {
    await using opened = await workbench.open("/models");
    const { page, complaints } = opened;
    const form = page.getByRole("form", { name: "Fetch a model by its name" });
    await form.getByLabel("GGUF file at Hugging Face").fill("nobody/nothing/x.gguf");
    await page.keyboard.press("Enter");
    await form.getByText("Hugging Face says HTTP 404 of nobody/nothing").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await form.getByLabel("GGUF file at Hugging Face").fill(hub.name);
    await page.keyboard.press("Enter");
    const local = page.getByRole("list", { name: "Models on this machine" }).getByRole("listitem");
    const pulled = local.filter({ hasText: "local/tiny-model.q4" });
    await pulled.getByText("here", { exact: true }).waitFor();
    expect(await pulled.innerText()).toMatch(/A model of a test, the file models\/Tiny-Model\.Q4\.gguf[^]*512 tokens/);
    await form.getByText("Hugging Face says").waitFor({ state: "detached" });
    await copyFile(join(workbench.folder, "models/Tiny-Model.Q4.gguf"), join(workbench.folder, "models/by-hand.gguf"));
    await writeFile(join(workbench.folder, "models/broken.gguf"), "no model");
    await page.reload();
    await local.filter({ hasText: "local/by-hand" }).getByText("here", { exact: true }).waitFor();
    await page.getByText(/^models\/broken\.gguf is no model that can be used: /).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("says what to set for each kind of provider, and a resource at Azure is one by its address alone", async () => {
    await using opened = await workbench.open("/models");
    const { page, complaints } = opened;
    const ways = page.getByRole("tablist", { name: "Provider" });
    await ways.getByRole("tab", { name: "OpenRouter, Groq …" }).click();
    await page.getByText("export OPENROUTER_API_KEY=").waitFor();
    await ways.getByRole("tab", { name: "Azure" }).click();
    await page.getByText("https://NAME-OF-THE-RESOURCE.openai.azure.com/openai/v1").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    const form = page.getByRole("form", { name: "Name an endpoint" });
    await form.getByLabel("Name").fill("azure");
    await form.getByLabel("Address").fill("https://our.openai.azure.com/openai/v1");
    await form.getByLabel("Key in").fill("AZURE_OPENAI_API_KEY");
    await page.keyboard.press("Enter");
    const azure = page.getByRole("list", { name: "Providers" }).getByRole("listitem").filter({ hasText: "azure/…" });
    await azure.getByText("AZURE_OPENAI_API_KEY").waitFor();
    await azure.getByRole("button", { name: "Enter a key of azure" }).waitFor();
    await page.getByRole("button", { name: "Take away the endpoint azure" }).click();
    await azure.waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
  });

  test("names a server of one's own, which is asked at once, takes its key, and tells what cannot be one", async () => {
    await using opened = await workbench.open("/models");
    const { page, complaints } = opened;
    const form = page.getByRole("form", { name: "Name an endpoint" });
    await form.getByLabel("Name").fill("openai");
    await form.getByLabel("Address").fill(models.baseUrl);
    await page.keyboard.press("Enter");
    await form.getByText("openai is a provider of its own").waitFor();
    await form.getByLabel("Name").fill("gpu");
    await page.keyboard.press("Enter");
    const providers = page.getByRole("list", { name: "Providers" }).getByRole("listitem");
    const gpu = providers.filter({ hasText: "gpu/…" });
    await gpu.getByText("4 models").waitFor();
    const table = page.getByRole("table", { name: "Models of providers" });
    await table.getByText("gpu/gpt-next", { exact: true }).waitFor();
    // What costs nothing is called as soon as it is opened.
    await table.getByRole("button", { name: "Try gpu/gpt-5-mini" }).click();
    await table.getByText("Good day.").waitFor();

    await form.getByLabel("Name").fill("hosted");
    await form.getByLabel("Address").fill(models.baseUrl);
    await form.getByLabel("Key in (empty: none needed)").fill("HOSTED_API_KEY");
    await form.getByRole("button", { name: "Set" }).click();
    await page.getByRole("button", { name: "Enter a key of hosted" }).click();
    await page.getByRole("textbox", { name: "Key of hosted" }).fill("sk-hosted");
    await page.keyboard.press("Enter");
    await providers.filter({ hasText: "hosted/…" }).getByText("entered here").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(await readFile(join(workbench.folder, "endpoints.yaml"), "utf8")).toContain(
      `gpu:\n  url: ${models.baseUrl}\nhosted:\n  url: ${models.baseUrl}\n  key: HOSTED_API_KEY\n`,
    );

    await page.getByRole("button", { name: "Take away the endpoint gpu" }).click();
    await expect.poll(() => gpu.count()).toBe(0);
    await expect.poll(() => table.getByText("gpu/gpt-next", { exact: true }).count()).toBe(0);
    await writeFile(join(workbench.folder, "endpoints.yaml"), "hosted:\n  url: nowhere\n");
    await expect
      .poll(async () => {
        await page.reload();
        const problem = page.getByText("endpoints.yaml, line 2: nowhere is no HTTP address");
        return problem.waitFor({ timeout: 2_000 }).then(
          () => true,
          () => false,
        );
      })
      .toBe(true);
    // What is refused is a request the browser notes.
    expect(complaints.filter((text) => !/models\.setEndpoint|status of 400/.test(text))).toEqual([]);
  });

  test("keeps the list of a provider that does not give it again, and says in its words why", async () => {
    await using opened = await workbench.open("/models");
    const { page } = opened;
    listed = null;
    await page.getByRole("button", { name: "Ask openai for its models" }).click();
    await page.getByText("No list of models: OpenAI answers with what is no list of models").waitFor();
    await page.getByRole("table", { name: "Models of providers" }).getByText("openai/gpt-5-mini").waitFor();
  });
});

test(
  "models that providers list are offered where one is named, with what they cost",
  { timeout: 60_000 },
  async () => {
    await using opened = await workbench.open("/n/letters");
    const { page, complaints } = opened;
    await page
      .getByRole("button", { name: /gpt-4o-mini/ })
      .first()
      .click();
    await page.getByLabel("Model", { exact: true }).waitFor();
    await expect
      .poll(() =>
        page
          .locator("datalist option")
          .evaluateAll((all) => all.map((one) => `${one.getAttribute("value")}: ${one.textContent}`)),
      )
      .toEqual(
        expect.arrayContaining([expect.stringMatching(/^openai\/gpt-5-mini: \$0\.25 in, \$2 out · 400k · images/)]),
      );
    expect(complaints).toEqual([]);
  },
);
