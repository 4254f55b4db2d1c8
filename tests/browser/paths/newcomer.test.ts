import { mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isFetched } from "#server/models/__fixtures__/local-models.ts";
import { servedWorkspace, type ServedWorkspace } from "../../helpers/serving.ts";
import { openBrowser } from "../open-browser.ts";
import { sheetOnPage } from "../sheet-on-page.ts";
import { patience, walk, type Walk } from "./walk.ts";

// Somebody's first five minutes: no account, no key, an answer at once, and models on the machine.

const hasModels = (await isFetched("local/smollm2-135m-instruct")) && (await isFetched("local/gemma-3-270m"));

let served: ServedWorkspace;
let browser: Browser;
let person: Walk;

beforeAll(async () => {
  served = await servedWorkspace();
  if (hasModels) await takeFetched(/^SmolLM2/);
  browser = await openBrowser();
  person = await walk(browser, "newcomer", served.address);
}, 90_000);

afterAll(async () => {
  await person?.[Symbol.asyncDispose]();
  await browser?.close();
  await served?.[Symbol.asyncDispose]();
});

/** Gives the workspace a model's file that this checkout has fetched: tests fetch nothing. */
async function takeFetched(pattern: RegExp): Promise<void> {
  const fetched = fileURLToPath(new URL("../../../.sheaf/cache/models", import.meta.url));
  const models = join(served.folder, ".sheaf/cache/models");
  await mkdir(models, { recursive: true });
  for (const name of await readdir(fetched))
    if (pattern.test(name)) await symlink(join(fetched, name), join(models, name));
}

const block = (name: string): Locator => person.page.locator(`[data-block="${name}"]`);

test("it opens on a real question, and answers at once", { timeout: patience }, async () => {
  const { page, press, picture } = person;
  await page.waitForURL("**/n/card-triage");
  await page.getByRole("main", { name: "Card triage" }).waitFor();
  await block("vote").getByText("card_arrival").first().waitFor();
  await picture("opened");
  await page.waitForSelector("[data-listens]");
  await press("g", "i");
  await press("Control+a");
  await person.type("My card was stolen on the train");
  await press("Tab");
  await block("vote")
    .getByText("lost_or_stolen_card")
    .first()
    .waitFor({ timeout: patience - 30_000 });
  await picture("own-message");
});

test("help says the keys, and the gallery has more to begin with", { timeout: patience }, async () => {
  const { page, press, picture } = person;
  await block("vote").focus();
  await press("?");
  await page.getByRole("dialog", { name: "Keys and actions" }).waitFor();
  await picture("help");
  await press("Escape");
  await page.getByRole("link", { name: "Notebooks", exact: true }).press("Enter");
  await page.getByRole("heading", { level: 1, name: "Notebooks" }).waitFor();
  await page.getByRole("button", { name: /^Two wordings/ }).waitFor();
  await picture("gallery");
  await page.getByRole("button", { name: /^Two wordings/ }).press("Enter");
  await page.waitForURL("**/n/two-wordings");
  await page.getByRole("main", { name: "Two wordings" }).waitFor();
  await page.waitForSelector("[data-listens]");
  await picture("another");
  await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Card triage" }).press("Enter");
  await page.waitForURL("**/n/card-triage");
  await page.waitForSelector("[data-listens]");
  expect(person.complaints).toEqual([]);
});

describe.skipIf(!hasModels)("with models on the machine", () => {
  test("one answers, the other once its terms are agreed to", { timeout: patience }, async () => {
    const { press, picture } = person;
    const topic = block("topic");
    await topic.focus();
    await press("Control+Enter");
    await topic
      .getByText("lost_or_stolen_card")
      .first()
      .waitFor({ timeout: patience - 30_000 });
    const agree = topic.getByRole("button", { name: "Agree and go on" }).first();
    await agree.waitFor();
    await picture("terms");
    await takeFetched(/^gemma/);
    await agree.press("Enter");
    await expect.poll(() => topic.locator(".result-facts", { hasText: "free" }).count(), { timeout: 90_000 }).toBe(4);
    // The terms that were agreed to leave no room behind.
    const heights = await topic.locator(".result").evaluateAll((all) => all.map((one) => one.clientHeight));
    expect(Math.max(...heights)).toBeLessThan(160);
    await picture("both");
  });

  test("five rows of the sheet are tried, and a test says whether it is right", { timeout: patience }, async () => {
    const { page, press, picture } = person;
    await page.getByRole("link", { name: "triage over the whole page" }).press("Enter");
    const sheet = sheetOnPage(page);
    const small = page.getByRole("columnheader", { name: /^topic, small · 5 shots/ });
    await small.waitFor();
    const column = Number(await small.getAttribute("aria-colindex")) - 1;
    const first = page.getByRole("menuitem", { name: /^Run first 5/ });
    await sheet.cell(1, column).click();
    await press("Alt+ArrowDown");
    await page.locator("[role=menuitem]:focus").waitFor();
    await expect.poll(() => first.innerText()).toMatch(/[1-5] · free/);
    await first.press("Enter");
    await expect.poll(() => sheet.cell(5, column).textContent(), { timeout: 60_000 }).toMatch(/\w+_\w+/);
    await picture("five-rows");
    await page.getByRole("link", { name: "Back to the document" }).press("Enter");
    await page.waitForSelector("[data-listens]");
    await block("topic").focus();
    await press("b");
    await page.getByRole("menu").waitFor();
    await expect.poll(() => page.evaluate(`document.activeElement.getAttribute("role")`)).toBe("menuitem");
    await page.keyboard.type("test", { delay: 20 });
    await press("Enter");
    await expect
      .poll(() => page.evaluate(`document.activeElement.closest("[data-block]")?.dataset.block`))
      .toBe("test");
    await press("Enter");
    await expect.poll(() => page.evaluate("document.activeElement.isContentEditable")).toBe(true);
    await press("Control+a");
    await person.type('topic.at(model="small", shots=5) == "lost_or_stolen_card"');
    await picture("test-written");
    await press("Control+Enter");
    await block("test").getByText("passes").first().waitFor();
    await press("Escape");
    await picture("test-passes");
    expect(person.complaints).toEqual([]);
  });
});
