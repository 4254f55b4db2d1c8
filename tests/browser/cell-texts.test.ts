import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkbench, seriousProblems, type Workbench } from "./open-workbench.ts";

const notebook = `---
sheaf: 1
title: Texts
inputs:
  message: { type: string, default: "late" }
models:
  small: echo/upper
---

\`\`\`data people
name,age
Ada,36
\`\`\`

\`\`\`prompt topic
---
model: small # the one that shouts
vary: { tone: [warm, cold] }
---
Be {{ vary.tone }}: {{ message }}
\`\`\`

\`\`\`\`sheet each
---
rows: people
---
\`\`\`template shout
{{ row.name }}!
\`\`\`

\`\`\`label review
\`\`\`
\`\`\`\`

\`\`\`template bad
{{ nobody }}
\`\`\`

\`\`\`prompt reader
---
model: small
---
{{ bad }}
\`\`\`
`;

let workbench: Workbench;
beforeAll(async () => void (workbench = await openWorkbench({ texts: notebook })));
afterAll(() => workbench[Symbol.asyncDispose]());

const textOf = (): Promise<string> => readFile(join(workbench.folder, "notebooks/texts.md"), "utf8");
const block = (page: Page, cell: string): Locator => page.locator(`[data-block="${cell}"]`);
const editor = (page: Page, name: string): Locator => page.getByRole("textbox", { name, exact: true });

async function opened() {
  const it = await workbench.open("/n/texts");
  await it.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  return it;
}
const copy = (page: Page, text: string): Promise<void> =>
  page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);

test("the settings of a cell are a text one key away, with its comments, and go back to one cell on Escape", async () => {
  await using it = await opened();
  const { page } = it;
  await page.locator("main[data-listens]").waitFor();
  await block(page, "topic").focus();
  await page.keyboard.press("Alt+s");
  const settings = editor(page, "Settings of topic");
  await settings.and(page.locator(":focus")).waitFor();
  expect(await settings.innerText()).toContain("model: small # the one that shouts");
  await page.keyboard.type("\ntemperature: 0");
  await expect.poll(textOf).toContain("vary: { tone: [warm, cold] }\ntemperature: 0\n---\nBe {{");
  // A mistake in them is underlined there, and what stands below is typed in as before.
  await page.keyboard.type("5e");
  await block(page, "topic").locator(".cell-settings .cm-lintRange-error").first().waitFor();
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Backspace");
  await editor(page, "Text of topic").click();
  await editor(page, "Text of topic").and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("?");
  await expect.poll(textOf).toContain("temperature: 0\n---\nBe {{ vary.tone }}: {{ message }}?");
  expect(await seriousProblems(page, '[data-block="topic"]')).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+s");
  await settings.waitFor({ state: "detached" });
  await block(page, "topic").and(page.locator(":focus")).waitFor();
  expect(it.complaints).toEqual([]);
});

test("a sheet's settings and the cells in it are typed in where they stand, in the document and over the whole page", async () => {
  await using it = await opened();
  const { page } = it;
  await page.locator("main[data-listens]").waitFor();
  await block(page, "each").focus();
  await page.keyboard.press("Enter");
  await editor(page, "Settings of each").and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Escape");
  const inner = page.getByRole("group", { name: "template each.shout" });
  await inner.getByText("{{ row.name }}!").waitFor();
  await inner.getByText("current", { exact: true }).waitFor();
  await inner.getByRole("button", { name: "Text of each.shout" }).press("Enter");
  await editor(page, "Text of each.shout").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("!");
  await expect.poll(textOf).toContain("```template shout\n{{ row.name }}!!\n```");
  await page.getByRole("gridcell", { name: /Ada!!/ }).or(page.getByText("Ada!!")).first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator('[data-inner="each.shout"]:focus').waitFor();
  await page.keyboard.press("Enter");
  await editor(page, "Text of each.shout").and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Escape");
  await page.locator('[data-inner="each.shout"]:focus').waitFor();
  await page.keyboard.press("Escape");
  await block(page, "each").and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Enter");
  await editor(page, "Settings of each").and(page.locator(":focus")).waitFor();
  expect(await seriousProblems(page, '[data-block="each"]')).toEqual([]);

  await page.goto(`${workbench.address}/n/texts?sheet=each`);
  await page.getByRole("button", { name: /shout/ }).first().click();
  await page.getByRole("menuitem", { name: "Edit template" }).click();
  await editor(page, "Text of each.shout").and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("?");
  await expect.poll(textOf).toContain("{{ row.name }}!!?");
  await page.keyboard.press("Escape");
  await editor(page, "Text of each.shout").waitFor({ state: "detached" });
  expect(it.complaints).toEqual([]);
});

test("a cell that reads one with a mistake says which blocks it, and at rest nothing on the page is drawn again", async () => {
  await using it = await opened();
  const { page } = it;
  await block(page, "reader").getByText("blocked by bad").first().waitFor();
  expect(await block(page, "bad").getByText("Not run yet").count()).toBe(0);
  const drawn = (): Promise<number> =>
    page.evaluate<number>(`new Promise((resolve) => {
      const seen = new MutationObserver(() => {});
      seen.observe(document.querySelector(".document"), { subtree: true, childList: true, attributes: true, characterData: true });
      setTimeout(() => resolve(seen.takeRecords().length), 700);
    })`);
  await expect.poll(drawn, { timeout: 15_000 }).toBe(0);
});

test("a request that was copied is pasted as a prompt, and a prompt is copied as code that sends what it shows", async () => {
  await using it = await opened();
  const { page } = it;
  await page.locator("main[data-listens]").waitFor();
  const body = { model: "gpt-5-mini", top_k: 3, temperature: 0.5, messages: [{ role: "user", content: "Hi {{x}}" }] };
  await copy(
    page,
    `curl https://api.openai.com/v1/chat/completions -H "Authorization: Bearer sk-live" -d '${JSON.stringify(body)}'`,
  );
  await block(page, "topic").focus();
  await page.keyboard.press("Control+v");
  await page.getByText("Left out, since a prompt has no place for it: top_k.").waitFor();
  await block(page, "prompt").and(page.locator(":focus")).waitFor();
  await expect
    .poll(textOf)
    .toContain('```prompt prompt\n---\nmodel: openai/gpt-5-mini\ntemperature: 0.5\n---\nuser:\nHi {{ "{{" }}x}}\n```');
  expect(await textOf()).not.toContain("sk-live");
  await page.keyboard.press("z");
  await expect.poll(textOf).not.toContain("gpt-5-mini");

  await block(page, "topic").focus();
  await page.keyboard.press("Alt+p");
  const preview = page.getByRole("group", { name: "What topic sends" });
  await preview.getByLabel("tone").selectOption("cold");
  await preview.getByText("Be cold: late").waitFor();
  await preview.getByRole("button", { name: "Copy as …" }).click();
  await page.getByRole("menuitem", { name: "Python" }).click();
  await page.getByText("Copied as Python.").waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toContain(
    '[{"role": "user", "content": "Be cold: late',
  );

  await copy(page, "just words");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Find an action" }).waitFor();
  await page.keyboard.type("paste a request");
  await page.keyboard.press("Enter");
  await page.getByText("what was copied is no request to a model").waitFor();
  expect(it.complaints.filter((complaint) => !/400/.test(complaint))).toEqual([]);
});
