import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startModelServer, type ModelServer } from "../helpers/model-server.ts";
import type { ScriptedAnswer, SeenRequest } from "../helpers/scripted-answer.ts";
import { openWorkbench, seriousProblems, type OpenedPage, type Workbench } from "./open-workbench.ts";
import { press } from "./press.ts";

const replies = `---
sheaf: 1
title: Replies
inputs:
  message: { type: string, default: "My card is late" }
models:
  plain: echo/text
  loud: echo/upper+delay-200
---

\`\`\`prompt reply
---
model: plain
---
You answer customers. {{ message }}
\`\`\`

\`\`\`data tickets
text
one
two
\`\`\`

\`\`\`\`sheet triage
---
rows: tickets
with: { message: =row.text }
columns: []
---
\`\`\`prompt inner
---
model: plain
---
{{ message }}
\`\`\`
\`\`\`\`
`;

const sheets = `---
sheaf: 1
title: Sheets
inputs: { message: { type: string, default: nothing } }
models:
  plain: echo/text
  loud: echo/upper+delay-200
---

\`\`\`data tickets
---
format: csv
---
id,text
a,my card is lost
b,my card is late
c,my card is eaten
\`\`\`

\`\`\`\`sheet triage
---
rows: tickets
key: id
with: { message: =row.text }
columns: [reply]
---
\`\`\`prompt inner
---
models: [plain, loud]
---
{{ row.text }}
\`\`\`
\`\`\`\`

\`\`\`prompt reply
---
models: [plain, loud]
---
{{ message }}
\`\`\`

\`\`\`sql few
select 1 as id where false
\`\`\`

\`\`\`\`sheet empty
---
rows: few
---
\`\`\`prompt lonely
---
model: plain
---
{{ row.id }}
\`\`\`
\`\`\`\`
`;

const endless = `---
sheaf: 1
title: Endless
models:
  one: echo/text+hang
  other: echo/upper+hang
---

\`\`\`prompt slow
---
models: [one, other]
---
Say it slowly
\`\`\`

\`\`\`prompt short
---
model: echo/text
max_tokens: 1
---
Say it at length
\`\`\`
`;

const long = `---
sheaf: 1
title: Long
models:
  plain: echo/text
---

\`\`\`prompt essay
---
model: plain
vary: { end: [here, there] }
---
{% for i in range(900) %}Sentence {{ i }} of a long answer.
{% endfor %}
It ends {{ vary.end }}.
\`\`\`
`;

const dear = `---
sheaf: 1
title: Dear
inputs:
  wish: { type: string, default: "a boat" }
models:
  first: openai/nobody-knows-first
  second: openai/nobody-knows-second
  third: openai/nobody-knows-third
---

\`\`\`prompt want
---
models: [first, second, third]
---
I want {{ wish }}.
\`\`\`

\`\`\`prompt wanted
---
model: first
---
I only want {{ wish }}.
\`\`\`

\`\`\`prompt plain
---
model: openai/gpt-4o
---
A boat.
\`\`\`
`;

let models: ModelServer;
let workbench: Workbench;
let opened: OpenedPage;
let page: Page;
beforeAll(async () => {
  await mkdir("test-results/compare", { recursive: true });
  const listed = Array.from({ length: 500 }, (_, number) => ({ id: `listed-${number}` }));
  const answer = ({ body, text }: SeenRequest): ScriptedAnswer => {
    if (text.includes("Nothing")) return { text: "", hang: "at-once" };
    if (/a plane|Slowly/.test(text)) return { text: ["Half of", " it."], hang: "after-part" };
    return {
      text: `Yes, ${body.messages.at(-1)!.content}`,
      // What can be read of an answer is not the whole of it yet.
      pace: 100,
      hold: body.messages.length === 1 && !body.model.endsWith("first"),
    };
  };
  models = await startModelServer(answer, () => listed);
  workbench = await openWorkbench(
    { replies, sheets, endless, dear, long },
    { OPENAI_BASE_URL: models.baseUrl, OPENAI_API_KEY: "test" },
  );
  opened = await workbench.open("/n/replies");
  page = opened.page;
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await workbench[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
});

const text = (): Promise<string> => readFile(join(workbench.folder, "notebooks/replies.md"), "utf8");
const columns = () => page.getByRole("list", { name: "Answers" }).getByRole("listitem");
const labels = (): Promise<readonly (string | null)[]> =>
  columns().evaluateAll((items) =>
    items.filter((item) => item.matches(".compare-column")).map((item) => item.ariaLabel),
  );
const column = (name: string) => page.locator(`.compare-column[aria-label="${name}"]`);
/** Asks all variants of a prompt whose models have no known price, and agrees to that. */
async function askAll(on: Page, prompt: string): Promise<void> {
  await on.locator("main[data-listens]").waitFor();
  await on.getByRole("button", { name: /Ask all/ }).click();
  await on.getByRole("group", { name: `Run comparing ${prompt}?` }).waitFor();
  await on.keyboard.press("Control+Enter");
}
const picture = (name: string) => page.screenshot({ path: `test-results/compare/${name}.png` });

test("a prompt is compared by keys alone: another model, asked all at once, side by side", async () => {
  await page.locator("main[data-listens]").waitFor();
  await page.locator('[data-block="reply"]').click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+c");
  await page.getByRole("main", { name: "Compare reply" }).waitFor();
  await expect.poll(labels).toEqual(["reply"]);
  await expect.poll(() => page.evaluate("document.activeElement.dataset.block")).toBe("reply");
  await page.keyboard.press("Shift+M");
  await page.getByRole("option", { name: "loud" }).waitFor();
  await page.keyboard.type("loud");
  await page.keyboard.press("Enter");
  await expect.poll(labels).toEqual(["plain", "loud"]);
  await expect.poll(text).toContain("models: [plain, loud]");
  await page.keyboard.press("Control+Enter");
  await column("loud").getByText("YOU ANSWER CUSTOMERS. MY CARD IS LATE").waitFor();
  await column("plain").getByText("You answer customers. My card is late").waitFor();
  // Time, tokens and money of each.
  for (const name of ["plain", "loud"])
    await expect
      .poll(() => column(name).locator(".result-facts").first().innerText())
      .toMatch(/^[\d.,]+\s?m?s[^]*\d+ → \d+[^]*(?:free|\$0)/);
  await picture("asked");
});

test("what two answers differ in is shown by words", async () => {
  for (const name of ["plain", "loud"]) await column(name).getByLabel("difference").check();
  const diff = page.getByRole("region", { name: "What differs" });
  await expect.poll(() => diff.locator("ins").first().innerText()).toBe("only in loud");
  expect(await diff.locator(".diff-text del").first().innerText()).toBe("You");
  for (const name of ["plain", "loud"]) await column(name).getByLabel("difference").uncheck();
  await diff.waitFor({ state: "detached" });
});

test("each goes on from its own answer, streams, and can be taken back", async () => {
  const box = page.getByLabel("Go on with each of them");
  await box.fill("Shorter, please");
  await page.keyboard.press("Enter");
  await column("loud").getByRole("list", { name: "Conversation" }).getByText("SHORTER, PLEASE").waitFor();
  // One thing at a time.
  await page.getByRole("button", { name: "Say to all 2" }).waitFor();
  await box.fill("In French");
  await page.keyboard.press("Enter");
  await column("loud").getByText("IN FRENCH").waitFor();
  await column("plain").locator(".thread-answer").getByText("In French").waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await picture("conversation");
  await column("plain").getByRole("button", { name: "Take this back" }).click();
  await column("plain").locator(".thread-said", { hasText: "In French" }).waitFor({ state: "detached" });
  expect(await column("plain").locator(".thread-answer").allInnerTexts()).toEqual([
    expect.stringContaining("Shorter, please"),
  ]);
});

test("what it will cost stands beside the button, and what may cost much is asked about before it is said", async () => {
  const box = page.getByLabel("Go on with each of them");
  const bar = page.locator("form.say");
  await box.fill("How much?");
  await bar.locator(".say-cost").getByText("free").waitFor();
  await writeFile(join(workbench.folder, "prices.yaml"), "echo/text:\n  - { input: 0, output: 1000000 }\n");
  // Prices are looked at once a second.
  const costOf = (words: string) =>
    expect.poll(
      async () => {
        await box.fill("");
        await box.fill(words);
        await bar.locator(".say-cost").waitFor();
        return bar.locator(".say-cost").innerText();
      },
      { timeout: 20_000 },
    );
  await costOf("How much now?").toMatch(/^≈ \$\d/);
  await box.press("Enter");
  const asked = bar.getByRole("group", { name: "What it may cost" });
  await asked.getByText(/2 calls, \$.* Say it\?/).waitFor();
  await picture("asked-about");
  await page.keyboard.press("Escape");
  await asked.waitFor({ state: "detached" });
  expect(await box.inputValue()).toBe("How much now?");
  expect(await column("loud").getByText("HOW MUCH NOW?").count()).toBe(0);
  await box.press("Enter");
  await asked.waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await page.keyboard.press("Control+Enter");
  await column("loud").getByText("HOW MUCH NOW?").waitFor();
  // A model that has a price is asked about; the tests below go on without one.
  await rm(join(workbench.folder, "prices.yaml"));
  await costOf("And now?").toBe("free");
  await box.fill("");
});

test("an answer to other inputs begins another conversation, and says so", async () => {
  const input = page.locator(".compare .inputs textarea, .compare .inputs input").first();
  await input.fill("My card is lost");
  await page.getByRole("button", { name: /Ask all/ }).click();
  await column("loud").getByText("MY CARD IS LOST").waitFor();
  await column("loud").getByText("what you say next begins anew").waitFor();
  await input.fill("My card is late");
  await page.getByRole("button", { name: /Ask all/ }).click();
  await column("loud").getByText("what you say next begins anew").waitFor({ state: "detached" });
  await column("plain").getByText("You answer customers. My card is late").waitFor();
});

test("a variant is chosen, in the file, and kept as a cell with what was said to it", async () => {
  await column("loud").getByRole("button", { name: "Choose", exact: true }).click();
  await expect.poll(text).toMatch(/choose:\n? *\{? ?model: loud/);
  await column("loud").getByRole("button", { name: "What becomes of loud" }).click();
  await page.getByRole("menuitem", { name: /Keep as a cell/ }).click();
  await page.getByText("Kept as reply_2, below reply.").waitFor();
  await expect
    .poll(text)
    .toContain(
      "```prompt reply_2\n---\nmodel: loud\n---\nuser:\nYou answer customers. {{ message }}\n\nassistant:\nYOU ANSWER CUSTOMERS. MY CARD IS LATE\n\nuser:\nShorter, please",
    );
});

test("a variant alone becomes a column of a sheet, and so does the prompt with all of them", async () => {
  const choose = async (entry: RegExp): Promise<void> => {
    await column("loud").getByRole("button", { name: "What becomes of loud" }).click();
    await page.getByRole("menuitem", { name: entry }).click();
  };
  await choose(/Keep as a column of triage/);
  await page.getByText("Kept as reply_3, a column of triage.").waitFor();
  await expect.poll(text).toContain("columns: [reply_3]");
  expect(await text()).toContain("```prompt reply_3\n---\nmodel: loud\n---\n");
  await choose(/Make reply a column of triage/);
  await expect.poll(text).toContain("columns: [reply_3, reply]");
});

test("a wording stands beside the first, a parameter is swept, and answers are asked for several times", async () => {
  await page.getByRole("button", { name: "+ wording" }).click();
  await expect.poll(labels).toEqual(["plain · first", "plain · second", "loud · first", "loud · second"]);
  await page.getByRole("button", { name: "+ parameter" }).click();
  await page.getByRole("menuitem", { name: "temperature" }).click();
  await page.getByRole("textbox", { name: /Values, with commas/ }).fill("0, 1");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await labels()).length).toBe(8);
  await page.getByRole("group", { name: "answers of each" }).getByRole("button").click();
  await page.getByRole("textbox", { name: "Answers of each variant" }).fill("3");
  await page.keyboard.press("Enter");
  await column("plain · first · temperature 0").getByText("1 of 3").waitFor();
  await picture("eight");
  const written = await text();
  expect(written).toContain("vary: { temperature: [0, 1] }\ntemperature: =vary.temperature\nrepeat: 3\n");
  expect(written).toContain("```prompt reply.second\nYou answer customers. {{ message }}\n```");
  await page.getByRole("button", { name: "Compare without 1" }).click();
  await expect.poll(async () => (await labels()).length).toBe(4);
});

test("every known model is found by a part of its name, also among hundreds, and any other by its whole name", async () => {
  await using other = await workbench.open("/n/dear?compare=plain");
  const { page: dear } = other;
  await dear.locator("main[data-listens]").waitFor();
  const add = dear.getByRole("button", { name: "+ model" });
  const find = dear.getByRole("combobox", { name: "Compare with" });
  await add.click();
  await expect.poll(() => dear.locator(".palette-item", { hasText: "openai/listed-" }).count()).toBe(500);
  await find.fill("listed-487");
  expect(await dear.getByRole("option").allInnerTexts()).toEqual([expect.stringContaining("openai/listed-487")]);
  expect(await seriousProblems(dear)).toEqual([]);
  await dear.keyboard.press("Escape");
  await expect.poll(() => dear.evaluate("document.activeElement.innerText")).toBe("+ model");
  await add.click();
  await find.fill("openai/gpt-3.5-turbo");
  await dear.getByRole("option", { name: /another model/ }).waitFor();
  await dear.keyboard.press("Enter");
  const dearText = (): Promise<string> => readFile(join(workbench.folder, "notebooks/dear.md"), "utf8");
  await expect.poll(dearText).toContain("models: [openai/gpt-4o, openai/gpt-3.5-turbo]");
  // A parameter that none of the models takes says why, as in the settings.
  await dear.getByRole("button", { name: "+ parameter" }).click();
  const effort = dear.getByRole("menuitem", { name: /^reasoning effort/ });
  expect(await effort.getAttribute("aria-disabled")).toBe("true");
  expect(await effort.textContent()).toMatch(/openai\/gpt-4o does not think before it answers/);
  await dear.keyboard.press("Escape");
  await dear.getByRole("button", { name: "Compare without openai/gpt-3.5-turbo" }).click();
  await expect.poll(dearText).not.toContain("gpt-3.5");
  expect(other.complaints).toEqual([]);
});

test("a name that is gone says where to go", async () => {
  await using other = await workbench.open("/n/replies?compare=nothing");
  await other.page.getByText("There is no prompt nothing to compare").waitFor();
  await other.page.getByRole("link", { name: "go to the document" }).click();
  await other.page.getByRole("main", { name: "Replies" }).waitFor();
});

test("a prompt in a sheet is compared in one of its rows: asked there alone, talked to, gone on to the next, and a variant kept as a column", async () => {
  await using other = await workbench.open("/n/sheets");
  const { page: on, complaints } = other;
  const text = () => readFile(join(workbench.folder, "notebooks/sheets.md"), "utf8");
  const within = (name: string) => on.locator(`.compare-column[aria-label="${name}"]`);
  const bar = on.getByRole("group", { name: "Row of triage" });
  await on.waitForSelector("[data-listens]");
  // From a cell of its second row, by keys alone.
  await on.locator('[data-block="triage"]').getByText("my card is late", { exact: true }).click();
  await press(on, "ArrowRight", "ArrowRight", "ArrowRight", "Alt+c");
  await bar.getByText("my card is late").waitFor();
  expect(new URL(on.url()).search).toBe("?compare=triage.inner&row=2");
  await expect.poll(() => on.getByRole("button", { name: /Ask all/ }).innerText()).toMatch(/2/);
  await expect
    .poll(() => on.evaluate("document.activeElement.dataset.block ?? document.activeElement.dataset.inner"))
    .toBe("triage.inner");
  await press(on, "Control+Enter");
  await within("loud").getByText("MY CARD IS LATE").waitFor();
  await within("plain").getByText("my card is late").waitFor();
  await expect.poll(() => within("loud").locator(".result-facts").first().innerText()).toMatch(/\d+ ms/);
  expect(await seriousProblems(on)).toEqual([]);
  await on.screenshot({ path: "test-results/compare/row.png" });
  // Each goes on from its answer there.
  await on.getByRole("textbox", { name: "Go on with each of them" }).fill("why?");
  await on.keyboard.press("Enter");
  await within("loud").getByRole("list", { name: "Conversation" }).getByText("WHY?").waitFor();
  for (const name of ["plain", "loud"]) await within(name).getByLabel("difference").check();
  await on.getByRole("region", { name: "What differs" }).locator("ins").first().waitFor();
  await on.screenshot({ path: "test-results/compare/row-talk.png" });
  // The row below was not asked.
  await bar.getByRole("button", { name: "The next row" }).click();
  await bar.getByText("my card is eaten").waitFor();
  await within("loud").getByText("Not run yet").waitFor();
  await bar.getByRole("spinbutton", { name: "row" }).fill("2");
  await on.keyboard.press("Enter");
  await within("loud").getByText("MY CARD IS LATE").waitFor();
  await within("loud")
    .getByRole("button", { name: /What becomes of/ })
    .click();
  await on.getByRole("menuitem", { name: /Keep as a column of triage/ }).click();
  await on.getByText("a column of triage.").waitFor();
  await expect.poll(text).toContain("```prompt inner_2\n---\nmodel: loud\n---\n");
  await within("loud").getByRole("button", { name: "Choose" }).click();
  await expect.poll(text).toContain("choose: { model: loud }\n");
  await on.getByRole("link", { name: "Back to the document" }).click();
  await on
    .getByRole("grid", { name: /triage/ })
    .first()
    .waitFor();
  await on.screenshot({ path: "test-results/compare/row-kept.png" });
  expect(complaints).toEqual([]);
}, 60_000);

test("a prompt that a sheet has as a column is compared in its rows too, and a variant of it is kept as another", async () => {
  await using other = await workbench.open("/n/sheets?compare=triage.reply&row=9");
  const { page: on, complaints } = other;
  const within = (name: string) => on.locator(`.compare-column[aria-label="${name}"]`);
  // There are three.
  await on.getByRole("group", { name: "Row of triage" }).getByText("my card is eaten").waitFor();
  await on.getByRole("button", { name: /Ask all/ }).click();
  await within("loud").getByText("MY CARD IS EATEN").waitFor();
  await within("loud")
    .getByRole("button", { name: /What becomes of/ })
    .click();
  await on.getByRole("menuitem", { name: /Keep as a column of triage/ }).click();
  await expect
    .poll(() => readFile(join(workbench.folder, "notebooks/sheets.md"), "utf8"))
    .toMatch(/columns: \[reply, (reply_2)\][^]*```prompt \1\n---\nmodel: loud\n---\n\{\{ message \}\}/);
  expect(complaints).toEqual([]);
});

test("in a sheet without rows nothing is compared, and the page says where they come from", async () => {
  await using other = await workbench.open("/n/sheets?compare=empty.lonely");
  await other.page.getByRole("heading", { name: "empty has no rows to compare in" }).waitFor();
  await other.page.getByText("They come from few: go to the document.").waitFor();
  expect(await seriousProblems(other.page)).toEqual([]);
});

test("answers stream side by side at once, and all are stopped by one key", async () => {
  await using other = await workbench.open("/n/endless?compare=slow");
  const { page: both } = other;
  await both.getByRole("main", { name: "Compare slow" }).waitFor();
  await both.getByRole("button", { name: /Ask all/ }).click();
  const of = (name: string) => both.locator(`.compare-column[aria-label="${name}"]`);
  await of("one").locator(".streaming").getByText("Say it").waitFor();
  await of("other").locator(".streaming").getByText("SAY IT").waitFor();
  expect(await both.locator(".compare-column .streaming").count()).toBe(2);
  await both.keyboard.press("Control+.");
  for (const name of ["one", "other"]) await of(name).getByText("partial").first().waitFor();
  expect(other.complaints).toEqual([]);
});

test("an answer that ended at the most tokens it may have says that it is cut off", async () => {
  await using other = await workbench.open("/n/endless?compare=short");
  const { page: short } = other;
  await short.getByRole("main", { name: "Compare short" }).waitFor();
  await short.getByRole("button", { name: /Ask all/ }).click();
  await short.locator(".result-facts").getByText("cut off").waitFor();
  expect(await seriousProblems(short)).toEqual([]);
});

test("what was agreed to is said to no more than it was asked for", async () => {
  await using other = await workbench.open("/n/dear?compare=want");
  const { page: boats } = other;
  const of = (name: string) => boats.locator(`.compare-column[aria-label="${name}"]`);
  await askAll(boats, "want");
  await of("first").getByText("Yes,").waitFor();
  const box = boats.getByLabel("Go on with each of them");
  await box.fill("A red one");
  await box.press("Enter");
  const asked = boats.getByRole("group", { name: "What it may cost" });
  await asked.getByText(/^1 call, of unknown price .* Say it\?/).waitFor();
  // An answer can be let go only once it has been asked for.
  await models.until((server) => server.requests().length === 3);
  expect(models.release()).toBe(2);
  for (const name of ["second", "third"]) await of(name).locator(".result-facts").getByText("tokens").waitFor();
  await asked.getByRole("button", { name: "Say it" }).click();
  await asked.getByText(/^The answers are others by now: 3 calls, of unknown price .* Say it\?/).waitFor();
  expect(models.requests()).toHaveLength(3);
  expect(await seriousProblems(boats)).toEqual([]);
  await asked.getByRole("button", { name: "Say it" }).click();
  for (const name of ["first", "second", "third"])
    await of(name).getByRole("list", { name: "Conversation" }).getByText("Yes,").waitFor();
  expect(models.requests()).toHaveLength(6);
  expect(other.complaints).toEqual([]);
});

test("what was agreed to stays in its place where there is no answer any more, and is asked about again with the next", async () => {
  await using other = await workbench.open("/n/dear?compare=wanted");
  const { page: boats } = other;
  await askAll(boats, "wanted");
  await boats.locator(".compare-column").getByText("Yes,").waitFor();
  const box = boats.getByLabel("Go on with each of them");
  await box.fill("A red one");
  await box.press("Enter");
  const asked = boats.getByRole("group", { name: "What it may cost" });
  await asked.getByText(/^1 call, .* Say it\?/).waitFor();
  await boats.locator(".compare .inputs textarea, .compare .inputs input").first().fill("a plane");
  await askAll(boats, "wanted");
  await boats.locator(".compare-column .streaming").getByText("Half of").waitFor();
  const before = models.requests().length;
  await asked.getByText("There is no answer now to say it to.").waitFor();
  await asked.getByRole("button", { name: "Say it" }).click();
  expect(await box.inputValue()).toBe("A red one");
  await boats.keyboard.press("Control+.");
  await boats.locator(".compare-column").getByText("It was stopped here.").waitFor();
  await asked.getByText("There is no answer now to say it to.").waitFor();
  await boats.locator(".compare .inputs textarea, .compare .inputs input").first().fill("a car");
  await askAll(boats, "wanted");
  await asked.getByText(/^1 call, .* Say it\?/).waitFor();
  await asked.getByRole("button", { name: "Say it" }).click();
  await asked.getByText(/^The answers are others by now: 1 call, /).waitFor();
  expect(models.requests()).toHaveLength(before + 1);
  await asked.getByRole("button", { name: "Do not" }).click();
  expect(await box.inputValue()).toBe("A red one");
  expect(other.complaints).toEqual([]);
});

test("what is stopped is partial and no answer: what is said next takes its place, also in the cell that is kept", async () => {
  await using other = await workbench.open("/n/dear?compare=wanted");
  const { page: boats } = other;
  await boats.locator("main[data-listens]").waitFor();
  await boats.locator(".compare .inputs textarea, .compare .inputs input").first().fill("a kite");
  await askAll(boats, "wanted");
  await boats.locator(".compare-column").getByText("a kite").waitFor();
  const thread = boats.getByRole("list", { name: "Conversation" });
  const say = async (words: string): Promise<void> => {
    await boats.getByLabel("Go on with each of them").fill(words);
    // Nothing is said while something is answered.
    await boats.locator("form.say").getByRole("button", { name: /^Say/ }).waitFor();
    await boats.getByLabel("Go on with each of them").press("Enter");
    await boats.getByRole("button", { name: "Say it" }).click();
  };
  const sent = () =>
    models
      .requests()
      .at(-1)!
      .body.messages.map(({ content }) => content);
  const stop = boats.locator("form.say").getByRole("button", { name: "Stop" });
  await say("Slowly");
  await thread.getByText("Half of").waitFor();
  await stop.click();
  await thread.getByText("partial Stopped. What you say next takes the place of what you said.").waitFor();
  expect(await seriousProblems(boats)).toEqual([]);
  await say("Nothing");
  await models.until((server) => server.requests().at(-1)!.text.includes("Nothing"));
  const beginning = ["I only want a kite.", "Yes, I only want a kite."];
  expect(sent()).toEqual([...beginning, "Nothing"]);
  await stop.click();
  await thread.getByText("Stopped before anything came.").waitFor();
  await say("A red one");
  await thread.getByText("Yes, A red one").waitFor();
  expect(sent()).toEqual([...beginning, "A red one"]);
  await say("Slowly now");
  await thread.getByText("Half of").waitFor();
  await stop.click();
  await boats.getByRole("button", { name: /^What becomes of/ }).click();
  await boats.getByRole("menuitem", { name: /Keep as a cell/ }).click();
  await boats.getByText("Kept as wanted_2, below wanted.").waitFor();
  const dearText = (): Promise<string> => readFile(join(workbench.folder, "notebooks/dear.md"), "utf8");
  await expect.poll(dearText).toContain("user:\nA red one\n\nassistant:\nYes, A red one\n\nuser:\nSlowly now\n```");
  expect(await dearText()).not.toContain("Half of");
  expect(other.complaints).toEqual([]);
});

test("what is being answered ends when the comparison is left", async () => {
  await using other = await workbench.open("/n/dear?compare=wanted");
  const { page: boats } = other;
  await boats.locator("main[data-listens]").waitFor();
  await boats.locator(".compare .inputs textarea, .compare .inputs input").first().fill("a sail");
  await askAll(boats, "wanted");
  await boats.locator(".compare-column").getByText("a sail").waitFor();
  const box = boats.getByLabel("Go on with each of them");
  await box.fill("Slowly, with a sail");
  await box.press("Enter");
  await boats.getByRole("button", { name: "Say it" }).click();
  await boats.getByRole("list", { name: "Conversation" }).getByText("Half of").waitFor();
  expect(models.inFlight()).toHaveLength(1);
  await boats.getByRole("link", { name: "Back to the document" }).click();
  await models.until((server) => server.inFlight().length === 0);
  expect(other.complaints).toEqual([]);
});

test("of long answers all is compared, gone on from and kept", async () => {
  await using other = await workbench.open("/n/long?compare=essay");
  const { page: essays } = other;
  const of = (name: string) => essays.locator(`.compare-column[aria-label*="${name}"]`);
  await essays.getByRole("button", { name: /Ask all/ }).click();
  for (const name of ["there", "here"]) await of(name).first().getByLabel("difference").check();
  const diff = essays.getByRole("region", { name: "What differs" });
  await expect.poll(() => diff.locator("ins, del").allInnerTexts()).toContain("there");
  await essays.getByLabel("Go on with each of them").fill("And then?");
  await essays.keyboard.press("Enter");
  await of("there").locator(".thread-answer").getByText("And then?").waitFor();
  expect(await essays.getByText("what you say next begins anew").count()).toBe(0);
  await of("there")
    .getByRole("button", { name: /^What becomes of/ })
    .click();
  await essays.getByRole("menuitem", { name: /Keep as a cell/ }).click();
  await expect
    .poll(() => readFile(join(workbench.folder, "notebooks/long.md"), "utf8"))
    .toMatch(/Sentence 899 of a long answer\.\s+It ends there\.\n\nuser:\nAnd then\?/);
  expect(other.complaints).toEqual([]);
});

test("nothing was complained of", () => expect(opened.complaints).toEqual([]));
