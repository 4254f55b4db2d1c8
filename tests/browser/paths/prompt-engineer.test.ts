import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startModelServer, type ModelServer } from "../../helpers/model-server.ts";
import { servedWorkspace, type ServedWorkspace } from "../../helpers/serving.ts";
import { openBrowser } from "../open-browser.ts";
import { sheetOnPage } from "../sheet-on-page.ts";
import { patience, walk, type Shift, type Walk } from "./walk.ts";

// What a person who works on a prompt does: changes a word, sees what hangs on it, runs just that, compares, and takes it back.

const notebook = `---
sheaf: 1
title: Ticket topics
inputs:
  message: { type: string, default: "My card still has not arrived" }
models:
  small: openai/gpt-4.1-nano
  large: openai/gpt-4.1-mini
choose: { model: small, prompt: short }
---

# Ticket topics

Two wordings of one question, asked of two models.

\`\`\`prompt topic.short
---
models: [small, large]
temperature: 0
---
Name the topic of this message: {{ message }}
\`\`\`

\`\`\`prompt topic.polite
Would you please name the topic of this message: {{ message }}
\`\`\`

Nothing above has to do with this.

\`\`\`prompt greeting
---
model: small
---
Greet the customer.
\`\`\`

\`\`\`sql tickets
select i as id, 'Message ' || i as text, case when i % 2 = 0 then 'card' else 'money' end as category from range(200) t(i)
\`\`\`

\`\`\`\`sheet triage
---
rows: tickets
key: id
with: { message: =row.text }
columns: [topic]
---
\`\`\`score correct
---
output: =topic
expected: =row.category
---
- contains
\`\`\`
\`\`\`\`

\`\`\`sql comparison
select prompt, model, count(score) as n, avg(score) as accuracy
from triage.correct group by all order by prompt, model
\`\`\`

\`\`\`chart accuracy
data: comparison
type: bar
x: prompt
y: accuracy
series: model
\`\`\`

\`\`\`test gate
mean(triage.correct.at(model="large", prompt="short")) >= 0.5
\`\`\`
`;

/** More lines than are kept for an answer that nobody has seen yet. */
const letter = Array.from({ length: 12 }, (_, line) => (line === 0 ? "Dear Ada,\n" : ` this is line ${line + 1},\n`));

let models: ModelServer;
let served: ServedWorkspace;
let browser: Browser;
let person: Walk;

beforeAll(async () => {
  models = await startModelServer(({ body }) => {
    const text = String(body.messages.at(-1)?.content);
    if (text.startsWith("Greet")) return { text: letter, pace: 30 };
    const topic = /Message \d*[02468]$/.test(text) ? "card" : "money";
    const words = body.model.endsWith("mini") ? [topic] : text.length % 3 === 0 ? ["card"] : [topic];
    return {
      text: [...words, " is", " the", " topic,\n", "or so", " it", " seems."],
      pace: /Message/.test(text) ? 2 : 60,
    };
  });
  served = await servedWorkspace({ topics: notebook }, {}, undefined, {
    OPENAI_BASE_URL: models.baseUrl,
    OPENAI_API_KEY: "test",
  });
  browser = await openBrowser();
  person = await walk(browser, "prompt-engineer", `${served.address}/n/topics`);
  await person.page.waitForSelector("[data-listens]");
}, 90_000);

afterAll(async () => {
  await person?.[Symbol.asyncDispose]();
  await browser?.close();
  await served?.[Symbol.asyncDispose]();
  await models?.[Symbol.asyncDispose]();
});

const block = (name: string): Locator => person.page.locator(`[data-block="${name}"]`);

const stateOf = (name: string): Promise<string> => block(name).locator(".cell-head .state-badge").first().innerText();
const everything = ["topic.short", "greeting", "tickets", "triage", "comparison", "accuracy", "gate"];
const states = async (): Promise<{ readonly [cell: string]: string }> =>
  Object.fromEntries(await Promise.all(everything.map(async (name) => [name, await stateOf(name)] as const)));
const question = (): Locator => person.page.getByRole("group", { name: /^Run / });
const inspector = (): Locator => person.page.getByRole("complementary", { name: "Inspector" });
const runStale = (): Locator => person.page.getByRole("button", { name: /^Run stale/ });
const file = (): Promise<string> => readFile(join(served.folder, "notebooks/topics.md"), "utf8");
const ended = (): Promise<void> =>
  expect
    .poll(() => person.page.getByRole("button", { name: "Stop", exact: true }).count(), { timeout: 90_000 })
    .toBe(0)
    .then(() => {});
const sum = (shifts: readonly Shift[]): number => shifts.reduce((total, { value }) => total + value, 0);

test("all of it is asked for once, at a price, and streams into its place", { timeout: patience }, async () => {
  const { page, press, picture, shifts } = person;
  await expect.poll(() => page.locator(".cell-source").allInnerTexts()).toContain("Greet the customer.");
  await picture("opened");
  await press("Control+Shift+Enter");
  // Two wordings of two models, once and for 200 rows, and the greeting.
  await question()
    .getByText(/^805 calls, \$/)
    .waitFor();
  await picture("asked");
  expect(models.requests()).toHaveLength(0);
  await press("Control+Enter");
  await question().waitFor({ state: "hidden" });
  await shifts();
  const greeting = block("greeting").locator(".result-value");
  const room = (): Promise<number> => greeting.evaluate(({ offsetHeight }) => offsetHeight);
  const before = await room();
  await block("topic.short").locator(".streaming").first().waitFor();
  await picture("streaming");
  await ended();
  await picture("ran");
  // A letter of twelve lines has come into the room of two, and says that there is more.
  await greeting.getByText("Dear Ada,").waitFor();
  expect(await room()).toBe(before);
  expect(sum(await shifts())).toBeLessThan(0.01);
  const more = block("greeting").getByRole("button", { name: "show more" });
  await more.focus();
  await press("Enter");
  await more.waitFor({ state: "detached" });
  expect(await page.evaluate(`document.activeElement.classList.contains("result")`)).toBe(true);
  expect(await room()).toBeGreaterThan(250);
  expect(models.requests()).toHaveLength(805);
  expect(Object.values(await states())).toEqual(everything.map(() => "current"));
});

test("a word is changed: what hangs on it is stale and says why, and nothing else", { timeout: patience }, async () => {
  const { page, press, picture } = person;
  await press("g", "g", "j", "Enter", "Control+Home", "Control+Shift+ArrowRight");
  // At once: what is typed slowly is several steps to undo.
  await page.keyboard.insertText("State");
  await press("Escape");
  await expect.poll(states).toEqual({
    "topic.short": "stale: its text",
    greeting: "current",
    tickets: "current",
    // Of each of 200 rows the topic by two models, and the score of either.
    triage: "800 stale",
    comparison: "stale: triage.correct",
    accuracy: "stale: comparison",
    gate: "stale: triage.correct",
  });
  const cards = block("topic.short").locator(".result .state-badge");
  expect(await cards.allInnerTexts()).toEqual(["stale: its text", "current", "stale: its text", "current"]);
  await inspector()
    .getByText(/^Stale: its text was edited\. Running it sends 1 call, /)
    .waitFor();
  await expect.poll(() => runStale().textContent()).toMatch(/402 · (≈ |<)\$/);
  await picture("stale");
  expect(models.requests()).toHaveLength(805);
});

test("just that is run, and fills the sheet without moving it", { timeout: patience }, async () => {
  const { press, picture, shifts } = person;
  await press("Shift+g", "k", "k", "k");
  await block("triage").getByRole("grid").getByText("Message 3", { exact: true }).waitFor();
  await picture("sheet-stale");
  await shifts();
  await press("Control+Shift+Enter");
  await expect.poll(() => models.requests().length).toBeGreaterThan(900);
  await picture("sheet-streaming");
  await ended();
  await expect.poll(states).toEqual(Object.fromEntries(everything.map((name) => [name, "current"])));
  await picture("sheet-ran");
  const moved = await shifts();
  expect(sum(moved)).toBeLessThan(0.01);
  expect(models.requests()).toHaveLength(1207);
  expect(
    models
      .requests()
      .slice(805)
      .every(({ text }) => text.includes("State the topic")),
  ).toBe(true);
});

test("taken back, all of it is current again, and free", { timeout: patience }, async () => {
  const { press, picture } = person;
  await press("z");
  await expect.poll(file).toContain("Name the topic");
  await expect.poll(states, { timeout: 90_000 }).toEqual({
    ...Object.fromEntries(everything.map((name) => [name, "current"])),
    "topic.short": "from cache",
  });
  await expect.poll(() => runStale().textContent()).not.toMatch(/\d/);
  await picture("undone");
  await press("Control+Shift+Enter");
  await ended();
  expect(models.requests()).toHaveLength(1207);
});

test(
  "wordings and models stand beside one another, in the notebook and row by row",
  { timeout: patience },
  async () => {
    const { page, press, picture } = person;
    await press("g", "g", "j");
    const tabs = page.getByRole("tablist", { name: "Wordings of topic" });
    await tabs.getByRole("tab", { name: "short" }).focus();
    await press("ArrowRight");
    await expect.poll(() => block("topic.polite").locator(".cell-source").innerText()).toContain("Would you please");
    const labels = block("topic.polite").locator(".result-labels");
    await expect
      .poll(async () => (await labels.allInnerTexts()).map((text) => text.split(/\s+/).slice(0, 2).join(" ")))
      .toEqual(["small short", "small polite", "large short", "large polite"]);
    await picture("wordings");
    await page.getByRole("link", { name: "triage over the whole page" }).focus();
    await press("Enter");
    const sheet = sheetOnPage(page);
    await sheet.cell(2, 4).filter({ hasText: "money" }).waitFor();
    const words = page.locator(".sheet-comparison-words");
    await page.getByLabel("Compare", { exact: true }).selectOption({ label: "large · short" });
    await expect
      .poll(() => words.innerText())
      .toMatch(/on 200 of 200 rows: [+−][\d.]+ points \([+−][\d.]+ to [+−][\d.]+\)/);
    await picture("side-by-side");
    // The first row on which the two differ, word by word.
    await page.getByRole("button", { name: /^verdicts differ/ }).focus();
    await press("Enter");
    await expect.poll(() => sheet.footer().innerText()).toMatch(/^\d+ of 200 rows/);
    await sheet.cell(1, 4).click();
    await press("Alt+d");
    await page.getByRole("dialog").locator("del").first().waitFor();
    await picture("difference");
    await press("Escape");
    expect(person.complaints).toEqual([]);
  },
);
