import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startModelServer, type ModelServer } from "../../helpers/model-server.ts";
import type { SeenRequest } from "../../helpers/scripted-answer.ts";
import { servedWorkspace, type ServedWorkspace } from "../../helpers/serving.ts";
import { sheaf } from "../../helpers/sheaf.ts";
import { openBrowser } from "../open-browser.ts";
import { sheetOnPage } from "../sheet-on-page.ts";
import { patience, walk, type Walk } from "./walk.ts";

// What an analyst does with a file of rows: tries a prompt on five, sees what all would cost, runs a part, mends what failed, and
// neither a closed page nor a killed server loses anything or pays for anything twice.

const categories = ["refund", "card", "cash", "login", "other"];
const rowCount = 5_000;
const csvField = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/** Texts as people write them, with quotes, line breaks and other scripts. */
const textOf = (id: number): string => {
  const kinds = [
    `Where is my money, ticket ${id}?`,
    `They said "wait",\nand I wait. Ticket ${id}`,
    `Mein Konto, 我的帐户 🙂, ticket ${id}`,
  ];
  return kinds[id % 3]!;
};
const csv = [
  "ticket,category,message",
  ...Array.from({ length: rowCount }, (_, id) => [String(id), categories[id % 5]!, csvField(textOf(id))].join(",")),
].join("\n");

const ticketOf = ({ body }: SeenRequest): number =>
  Number(/ticket (\d+)/i.exec(String(body.messages.at(-1)?.content))![1]);
/** How many answers of a category are given before the others are held. */
const heldAfter = new Map<string, number>();
const given = new Map<string, number>();
let failing = true;

let models: ModelServer;
let served: ServedWorkspace;
let browser: Browser;
let environment: { readonly [name: string]: string };

beforeAll(async () => {
  models = await startModelServer((request) => {
    const ticket = ticketOf(request);
    const category = categories[ticket % 5]!;
    // Of the refunds one in fifty is refused.
    if (failing && ticket % 250 === 5 * 10) return { text: "this text is not taken", status: 400 };
    const before = given.get(category) ?? 0;
    if (before >= (heldAfter.get(category) ?? Number.POSITIVE_INFINITY))
      return { text: `topic ${category}`, hold: true };
    given.set(category, before + 1);
    return { text: ["topic ", category] };
  });
  environment = { OPENAI_BASE_URL: models.baseUrl, OPENAI_API_KEY: "test" };
  served = await servedWorkspace(
    { notes: "---\nsheaf: 1\ntitle: Notes\n---\n\nNothing yet.\n" },
    {},
    undefined,
    environment,
  );
  browser = await openBrowser();
}, patience - 60_000);

afterAll(async () => {
  await browser?.close();
  await served?.[Symbol.asyncDispose]();
  await models?.[Symbol.asyncDispose]();
});

const finished = (category: string): readonly SeenRequest[] =>
  models.finished().filter((request) => categories[ticketOf(request) % 5] === category);

test("a file is dropped in, tried on five, and what all would cost is said", { timeout: patience }, async () => {
  await using person = await walk(browser, "analyst", `${served.address}/datasets`);
  const { page, press, picture } = person;
  await page.getByText("No datasets yet").waitFor();
  await picture("empty");
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "tickets.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByText("5,000 rows, 3 columns").waitFor();
  await picture("dropped");
  await page.getByRole("button", { name: "New notebook on these rows" }).focus();
  await press("Enter");
  await page.waitForURL("**/n/tickets");
  await page.waitForSelector("[data-listens]");
  await page.getByRole("grid").last().getByText("refund").first().waitFor();
  await picture("notebook");
  const prompt = page.locator('[data-block="answer"]');
  await press("Shift+g", "k", "k");
  await picture("prompt");
  await prompt.getByRole("button", { name: /^model local/ }).focus();
  await press("Enter");
  const model = page.getByRole("dialog").getByLabel("Model");
  await model.waitFor();
  await picture("model");
  await press("Control+a");
  await page.keyboard.type("openai/gpt-4.1-nano");
  await press("Tab");
  await expect.poll(() => readFile(join(served.folder, "notebooks/tickets.md"), "utf8")).toContain("gpt-4.1-nano");
  await press("Escape");
  await picture("chosen");
  await press("Control+Enter");
  await prompt.getByText("topic refund").first().waitFor();
  expect(models.requests()).toHaveLength(1);

  await page.getByRole("link", { name: "answers over the whole page" }).focus();
  await press("Enter");
  const sheet = sheetOnPage(page);
  await sheet.cell(5, columns.message).filter({ hasText: "They said" }).waitFor();
  await sheet.cell(1, columns.answer).click();
  await press("Alt+ArrowDown");
  await page.locator("[role=menuitem]:focus").waitFor();
  const menu = page.getByRole("menu");
  await expect.poll(() => menu.getByRole("menuitem", { name: /^Run first 5/ }).innerText()).toMatch(/5 · (<|≈ )\$/);
  await expect.poll(() => menu.getByRole("menuitem", { name: /^Run all/ }).innerText()).toMatch(/5,000 · ≈ \$0\.\d\d/);
  await picture("what-it-costs");
  await menu.getByRole("menuitem", { name: /^Run first 5/ }).press("Enter");
  await expect.poll(() => sheet.cell(5, columns.answer).textContent()).toContain("topic other");
  expect(await sheet.cell(6, columns.answer).textContent()).toBe("");
  // The first of them is what the notebook asked above.
  expect(models.requests()).toHaveLength(5);
  await picture("five");

  // A part of the rows, of which some fail.
  await only(person, "refund");
  await expect.poll(() => sheet.footer().textContent()).toContain("1,000 of 5,000 rows");
  await runAll(person);
  await expect.poll(() => models.requests().length, { timeout: 90_000 }).toBe(5 + 999);
  await page.getByRole("button", { name: /^answer failed/ }).focus();
  await picture("refunds");
  await press("Enter");
  await expect.poll(() => sheet.footer().textContent()).toContain("20 of 5,000 rows");
  await sheet.cell(1, columns.answer).filter({ hasText: "this text is not taken" }).waitFor();
  await picture("failed");
  failing = false;
  await sheet.cell(1, columns.answer).click();
  await press("Alt+ArrowDown");
  await page.locator("[role=menuitem]:focus").waitFor();
  await menu.getByRole("menuitem", { name: /^Run failed/ }).press("Enter");
  await expect.poll(() => models.requests().length, { timeout: 90_000 }).toBe(5 + 999 + 20);
  await expect.poll(() => sheet.footer().textContent()).toContain("0 of 5,000 rows");
  await picture("mended");
  expect(person.complaints).toEqual([]);
});

test("a run goes on while nobody looks, and is there when one comes back", { timeout: patience }, async () => {
  heldAfter.set("card", 300);
  {
    await using person = await opened("analyst-leaves");
    await only(person, "card");
    await runAll(person);
    await models.until(() => finished("card").length >= 300, patience - 60_000);
    await person.picture("on-its-way");
  }
  heldAfter.delete("card");
  models.release();
  await models.until(() => finished("card").length === 999, patience - 60_000);
  await using person = await opened("analyst-returns");
  await only(person, "card");
  const sheet = sheetOnPage(person.page);
  await expect.poll(() => sheet.cell(1_000, columns.answer).count()).toBe(0);
  await sheet.cell(1, columns.answer).click();
  await person.press("Control+End");
  await expect.poll(() => sheet.cell(1_000, columns.answer).textContent()).toContain("topic card");
  await person.picture("all-there");
  expect([...models.counts().values()].filter((count) => count > 1)).toHaveLength(20);
  expect(person.complaints).toEqual([]);
});

test(
  "a server that is killed loses nothing it was answered, and asks nothing twice",
  { timeout: patience },
  async () => {
    heldAfter.set("cash", 300);
    {
      await using person = await opened("analyst-killed");
      await only(person, "cash");
      await runAll(person);
      await models.until(() => finished("cash").length >= 300, patience - 60_000);
      await expect.poll(() => progress(person), { timeout: 90_000 }).toMatch(/: 30[01] of 1,000/);
    }
    served.process.kill("SIGKILL");
    await served.process.ended;
    await models.until(({ inFlight }) => inFlight().length === 0);
    const before = finished("cash").map(({ text }) => text);
    heldAfter.delete("cash");
    await using again = sheaf(["serve", "--port", new URL(served.address).port, "--no-build"], {
      folder: served.folder,
      deadline: 600_000,
      environment,
    });
    await again.waitFor(/Sheaf is at (http:\/\/\S+)/);
    await using person = await opened("analyst-back");
    await only(person, "cash");
    await person.picture("what-was-kept");
    const sheet = sheetOnPage(person.page);
    await runAll(person);
    await models.until(() => finished("cash").length === 999, patience - 60_000);
    await sheet.cell(1, columns.answer).click();
    await person.press("Control+End");
    await expect.poll(() => sheet.cell(1_000, columns.answer).textContent()).toContain("topic cash");
    const counts = models.counts();
    expect(before.filter((text) => counts.get(text) !== 1)).toEqual([]);
    await person.picture("finished");
    expect(person.complaints).toEqual([]);
  },
);

const columns = { ticket: 1, category: 2, message: 3, answer: 4 } as const;

/** The sheet over the whole page, as one comes back to it. */
async function opened(person: string): Promise<Walk> {
  const walked = await walk(browser, person, `${served.address}/n/tickets?sheet=answers`);
  await sheetOnPage(walked.page).cell(1, columns.message).waitFor();
  return walked;
}

/** Shows the rows of one category alone. */
async function only({ page, press }: Walk, category: string): Promise<void> {
  while ((await page.getByRole("button", { name: /^Remove the filter/ }).count()) > 0)
    await page
      .getByRole("button", { name: /^Remove the filter/ })
      .first()
      .press("Enter");
  await page.getByRole("button", { name: "+ filter" }).press("Enter");
  await page.getByLabel("Column").selectOption({ label: "category" });
  await page.getByLabel("Value").fill(category);
  await press("Enter");
  await page.getByRole("button", { name: `category is ${category}`, exact: true }).waitFor();
  await expect.poll(() => page.locator(".sheet-footer").textContent()).toContain("1,000 of 5,000 rows");
}

/** Runs the answers of all rows that are shown, by the menu of their column, and says yes where it is asked. */
async function runAll({ page, press }: Walk): Promise<void> {
  const sheet = sheetOnPage(page);
  await sheet.cell(1, columns.answer).click();
  await press("Alt+ArrowDown");
  await page.locator("[role=menuitem]:focus").waitFor();
  await page.getByRole("menuitem", { name: /^Run all/ }).press("Enter");
}

/** What the head of the column says of its run. */
async function progress({ page }: Walk): Promise<string> {
  return page
    .getByRole("columnheader", { name: /^answer/ })
    .locator(".visually-hidden")
    .first()
    .innerText();
}
