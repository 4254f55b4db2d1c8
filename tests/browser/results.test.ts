import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Locator, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { servedWorkspace, type ServedWorkspace } from "../helpers/serving.ts";
import { complaintsOf, openBrowser } from "./open-browser.ts";
import { seriousProblems } from "./open-workbench.ts";

const notebook = `---
sheaf: 1
title: Results
inputs:
  message: { type: string, default: "My card is late" }
models:
  small: echo/upper
  large: echo/reverse
choose: { model: small, shots: 5 }
---

\`\`\`prompt topic
---
models: [small, large]
vary: { shots: [0, 5] }
temperature: 0
---
system:
You route messages.

user:
{{ vary.shots }} {{ message }}
\`\`\`

\`\`\`prompt slow
---
model: echo/text+delay-800
---
slow {{ message }}

and a second line
\`\`\`

\`\`\`prompt fields
---
model: echo/text
schema: { vendor: string, lines: json }
---
{"vendor": "Acme", "lines": [{"item": "bolt"}, {"item": "nut"}]}
\`\`\`

\`\`\`prompt essay
---
model: echo/text
---
# A heading

It is **late**. <img src=x onerror="document.title='taken'"> <script>document.title = "taken"</script>

{% for i in range(900) %}Sentence {{ i }} of a long answer.
{% endfor %}
\`\`\`

\`\`\`prompt hello.short
---
model: echo/text
---
Hi {{ message }}
\`\`\`

\`\`\`prompt hello.polite
Dear {{ message }}
\`\`\`

\`\`\`prompt many
---
model: echo/text
vary: { tone: [a, b, c, d, e, f, g] }
---
{{ vary.tone }} {{ message }}
\`\`\`

\`\`\`prompt broken
---
model: echo/fail-401
---
{{ message }}
\`\`\`

\`\`\`template after
{{ broken }}
\`\`\`

\`\`\`template skipped
---
when: =false
---
never
\`\`\`

\`\`\`prompt endless
---
model: echo/text+hang
when: =message == "endless"
---
words without {{ message }} end
\`\`\`

\`\`\`prompt licensed
---
model: local/gemma-3-270m
completion: true
when: =message == "licence"
---
{{ message }}
\`\`\`

\`\`\`sql numbers
select i as n, 'row ' || i as text, (i % 10)::double as part, 0.1234567890123::double as share from range(1000) t(i)
\`\`\`

\`\`\`chart spread
data: numbers
type: histogram
x: part
\`\`\`

\`\`\`score good
---
output: =topic.at(model="small", shots=5)
expected: LATE
---
- contains
\`\`\`

\`\`\`test gate
good.score >= 1
count(topic) == 5
\`\`\`
`;

const offers = `---
sheaf: 1
title: Offers
---

\`\`\`prompt plain
---
model: openai/gpt-4o-mini
---
Hello
\`\`\`

\`\`\`prompt told
---
model: openai/gpt-4o-mini
reasoning_effort: low
---
Hello
\`\`\`

\`\`\`prompt unknown
---
model: vllm/any
---
Hello
\`\`\`
`;

let served: ServedWorkspace;
let browser: Browser;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  served = await servedWorkspace({ results: notebook, offers });
  browser = await openBrowser();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    // Axe is put into a page whose policy would not let it in.
    bypassCSP: true,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  page = await context.newPage();
  await page.addInitScript("localStorage.setItem('visited', 'yes')");
  complaints = complaintsOf(page);
  await page.goto(`${served.address}/n/results`);
  await page.getByRole("button", { name: "Run stale" }).click();
  await page.locator("[data-block=gate] .test-line").first().waitFor();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await served?.[Symbol.asyncDispose]();
});

afterEach(() => {
  expect(complaints).toEqual([]);
});

const cell = (name: string): Locator => page.locator(`[data-block="${name}"]`);
const inspector = (): Locator => page.getByRole("complementary", { name: "Inspector" });
/** Sets the notebook's input, and waits until the server has it. */
async function setMessage(text: string): Promise<void> {
  await page.locator("[data-input=message] textarea").fill(text);
  await Promise.all([page.waitForResponse(/setInputs/), page.keyboard.press("Tab")]);
}
/** Presses the run button in a cell's head. */
async function run(name: string): Promise<void> {
  await cell(name).hover();
  await cell(name)
    .getByRole("button", { name: new RegExp(`^Run ${name}(:|$)`) })
    .click();
}
const file = (): Promise<string> => readFile(join(served.folder, "notebooks/results.md"), "utf8");
const untilFile = (has: RegExp): Promise<void> =>
  expect
    .poll(file, { timeout: 5_000 })
    .toMatch(has)
    .then(() => {});

describe("results beside one another", () => {
  test("each variant says in words what it is, what it took, and which is chosen", async () => {
    const cards = cell("topic").locator(".result");
    await expect.poll(() => cards.allInnerTexts()).toHaveLength(4);
    const [first, second] = await cards.allInnerTexts();
    expect(first).toMatch(/small\s+0 shots[\s\S]*0 MY CARD IS LATE[\s\S]*ms[\s\S]*free/);
    expect(second).toMatch(/small\s+5 shots\s+chosen/);
  });

  test("choosing another writes it into the file", async () => {
    const card = cell("topic").locator(".result").nth(2);
    await card.hover();
    await card.getByRole("button", { name: "More for this answer" }).click();
    await page.getByRole("menuitem", { name: "Choose this variant" }).click();
    await untilFile(/choose: \{ model: large, shots: 0 \}/);
    await card.getByText("chosen").waitFor();
  });

  test("more than six are a list, the selected one whole below it", async () => {
    const rows = cell("many").locator("tbody tr");
    await expect.poll(() => rows.count()).toBe(7);
    await rows.nth(3).click();
    await expect.poll(() => cell("many").locator(".result .value-text").innerText()).toBe("d My card is late");
  });

  test("wordings are tabs of one block, their answers side by side", async () => {
    const tabs = page.getByRole("tablist", { name: "Wordings of hello" }).getByRole("tab");
    expect(await tabs.allInnerTexts()).toEqual(["short", "polite"]);
    await tabs.first().focus();
    await page.keyboard.press("ArrowRight");
    await cell("hello.polite").waitFor();
    expect(await cell("hello.polite").locator(".value-text").allInnerTexts()).toEqual([
      "Hi My card is late",
      "Dear My card is late",
    ]);
  });
});

test("a run keeps the height a result had until its new text is there", async () => {
  const value = cell("slow").locator(".result-value");
  await cell("slow").scrollIntoViewIfNeeded();
  const before = (await value.boundingBox())!.height;
  await setMessage("My card is lost");
  await cell("slow").getByText("stale").first().waitFor();
  await run("slow");
  const heights: number[] = [];
  await expect
    .poll(
      async () => {
        heights.push((await value.boundingBox())!.height);
        return value.innerText();
      },
      { timeout: 5_000 },
    )
    .toContain("slow My card is lost");
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(before);
  await setMessage("My card is late");
});

describe("states and their way out", () => {
  test("an error says what, where and what to do, and what it blocks leads to it", async () => {
    const error = cell("broken").getByRole("group", { name: "Error" });
    expect(await error.innerText()).toMatch(/asked to fail with 401\.[\s\S]+line \d+ of the file, column \d+/);
    expect(await cell("skipped").locator(".result").innerText()).toMatch(/Skipped: its when is false/);
    await cell("after").getByRole("button", { name: "broken" }).click();
    await expect.poll(() => inspector().locator(".inspector-what").innerText()).toContain("broken");
  });

  test("an answer streams into its place, and what was stopped keeps its text and says that it is partial", async () => {
    await setMessage("endless");
    await run("endless");
    await cell("endless")
      .locator(".value-text.streaming")
      .getByText(/words without/)
      .waitFor();
    await cell("endless").getByRole("button", { name: "Stop endless" }).click();
    await cell("endless").getByText("It was stopped here.").waitFor();
    expect(await cell("endless").locator(".result").innerText()).toMatch(/words without/);
    expect(await cell("endless").locator(".cell-head").innerText()).toContain("partial");
    await setMessage("My card is late");
  });

  test("a double click on Run runs, and the click that falls on Stop, which stands there then, does not stop it", async () => {
    await setMessage("twice");
    await cell("slow")
      .getByRole("button", { name: /^Run slow(:|$)/ })
      .hover();
    await page.mouse.down();
    await page.mouse.up();
    const stop = cell("slow").getByRole("button", { name: "Stop slow" });
    await expect.poll(() => stop.evaluate((button) => button.matches(":hover"))).toBe(true);
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
    await cell("slow").locator(".result-value").getByText("slow twice").waitFor();
    await setMessage("My card is late");
  });

  test("a model with terms shows them, and waits for a person to agree", async () => {
    await setMessage("licence");
    await run("licensed");
    const waiting = cell("licensed").getByRole("group", { name: "Waiting" });
    await waiting.getByRole("button", { name: "Agree and go on" }).waitFor();
    expect(await waiting.locator(".waiting-terms").innerText()).toMatch(/Gemma/);
    expect(await waiting.getByRole("link").getAttribute("href")).toMatch(/^https:/);
    await setMessage("My card is late");
  });

  test("what is stale names the input that changed, and running it brings it up to date", async () => {
    await setMessage("My card is gone");
    await cell("topic").locator(".result").first().click();
    const note = inspector().locator(".why");
    await expect
      .poll(() => note.innerText())
      .toMatch(/Stale: the input message changed\. Running it sends 1 call, free\./);
    await note.getByRole("button", { name: "message" }).click();
    expect(await page.locator("[data-input=message] textarea").evaluate((field) => field.matches(":focus"))).toBe(true);
    await note.getByRole("button", { name: "Run it" }).click();
    await expect.poll(() => cell("topic").locator(".result .value-text").first().innerText()).toBe("0 MY CARD IS GONE");
    await note.waitFor({ state: "detached" });
    await setMessage("My card is late");
  });

  test("a lock holds a value and says so; unlocking gives it back", async () => {
    const card = cell("fields").locator(".result");
    await card.click();
    await inspector().getByRole("button", { name: "Lock", exact: true }).click();
    await cell("fields").getByText("locked", { exact: true }).first().waitFor();
    expect(await readFile(join(served.folder, "notebooks/results.notes.jsonl"), "utf8")).toContain('"type":"locked"');
    await inspector().getByRole("button", { name: "Unlock" }).click();
    await cell("fields").getByText("locked", { exact: true }).first().waitFor({ state: "detached" });
  });

  test("a value edited by hand stands in its place until the edit is taken back", async () => {
    const card = cell("slow").locator(".result");
    await card.hover();
    await card.getByRole("button", { name: "More for this answer" }).click();
    await page.getByRole("menuitem", { name: "Edit by hand …" }).click();
    await page.getByRole("textbox", { name: "The value" }).fill("mine");
    await page.getByRole("button", { name: "Put it in place" }).click();
    await expect.poll(() => card.locator(".value-text").innerText()).toBe("mine");
    await card.click();
    await inspector().getByRole("button", { name: "Take the edit back" }).click();
    await expect.poll(() => card.locator(".value-text").innerText()).toMatch(/^slow My card/);
  });

  test("what the server does not keep stays in its dialog, until it does", async () => {
    const card = cell("slow").locator(".result");
    const problem = { code: "store.closed", message: "the store is full" };
    await page.route(/notebook\.note/, (route) =>
      route.fulfill({ json: [{ error: { message: "no", code: -32603, data: { problem } } }] }),
    );
    await card.hover();
    await card.getByRole("button", { name: "More for this answer" }).click();
    await page.getByRole("menuitem", { name: "Comment …" }).click();
    const field = page.getByRole("dialog").getByRole("textbox", { name: "Comment" });
    await field.fill("Too slow");
    await page.keyboard.press("Control+Enter");
    await page.getByText("the store is full").waitFor();
    expect(await field.inputValue()).toBe("Too slow");
    await page.unroute(/notebook\.note/);
    await page.keyboard.press("Control+Enter");
    await field.waitFor({ state: "detached" });
    await card.click();
    await inspector().getByRole("listitem").getByText("Too slow").waitFor();
  });

  test("a comment is kept once, on the answer it was typed for", async () => {
    const field = inspector().getByRole("textbox", { name: "Comment on this answer" });
    await cell("slow").locator(".result").click();
    await field.fill("Of the slow one");
    await cell("fields").locator(".result").click();
    await expect.poll(() => field.inputValue()).toBe("");
    await field.fill("Of the fields");
    await cell("slow").locator(".result").click();
    await expect.poll(() => field.inputValue()).toBe("Of the slow one");
    await field.press("Enter");
    await field.press("Enter");
    const comments = (text: string) => inspector().getByRole("listitem").filter({ hasText: text });
    await comments("Of the slow one").first().waitFor();
    await cell("fields").locator(".result").click();
    await expect.poll(() => field.inputValue()).toBe("Of the fields");
    expect(await comments("Of the slow one").count()).toBe(0);
    const kept = (await readFile(join(served.folder, "notebooks/results.notes.jsonl"), "utf8")).split("\n");
    expect(kept.filter((line) => line.includes("Of the slow one"))).toHaveLength(1);
    await field.fill("");
  });
});

describe("values", () => {
  test("a tree of JSON is gone through and folded by keyboard alone", async () => {
    const tree = cell("fields").getByRole("tree");
    const shown = async (): Promise<string> =>
      (await page.evaluate<string>("document.activeElement.innerText")).replaceAll(/\s+/g, " ").trim();
    await tree.getByRole("treeitem").first().focus();
    await page.keyboard.press("ArrowDown");
    expect(await shown()).toBe('vendor "Acme"');
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowLeft");
    expect(await shown()).toBe("lines [2]");
    expect(await page.evaluate("document.activeElement.getAttribute('aria-expanded')")).toBe("false");
    await page.keyboard.press("*");
    await page.keyboard.press("End");
    expect(await shown()).toBe('item "nut"');
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Home");
    expect(await shown()).toBe("{2}");
  });

  test("a long answer is folded, rendered without any HTML of its own, and comes whole when asked for", async () => {
    const answer = cell("essay").locator(".result");
    await answer.locator(".value-rendered h1").waitFor();
    expect(await answer.locator("img, script").count()).toBe(0);
    expect(await page.title()).not.toBe("taken");
    await answer.getByRole("button", { name: /^show all \d+,\d+ characters$/ }).click();
    await answer.getByText("Sentence 899").waitFor();
    await answer.getByRole("button", { name: "Raw" }).click();
    await expect.poll(() => answer.locator(".value-text").innerText()).toContain("<script>");
  });

  test("a long answer is copied and edited by hand whole, and not at all where the rest of it cannot be had", async () => {
    const answer = cell("essay").locator(".result");
    const edit = async (): Promise<void> => {
      await answer.getByRole("button", { name: "More for this answer" }).click();
      await page.getByRole("menuitem", { name: "Edit by hand …" }).click();
    };
    await answer.hover();
    await answer.getByRole("button", { name: "Copy the answer" }).click();
    await expect.poll(() => page.evaluate<string>("navigator.clipboard.readText()")).toContain("Sentence 899");
    await edit();
    expect(await page.getByRole("textbox", { name: "The value" }).inputValue()).toMatch(/^# A heading[^]*Sentence 899/);
    await page.keyboard.press("Escape");
    const problem = { code: "store.closed", message: "the store is closed" };
    await page.route(/notebook\.value/, (route) =>
      route.fulfill({ json: [{ error: { message: "no", code: -32603, data: { problem } } }] }),
    );
    await edit();
    await page.getByText("the store is closed").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.unroute(/notebook\.value/);
  });

  test("the reader finds in it, goes through the variants, and closes by keyboard", async () => {
    const card = cell("topic").locator(".result").first();
    await card.hover();
    await card.getByRole("button", { name: "Read in full size" }).click();
    const reader = page.getByRole("dialog");
    await reader.getByText("1 of 4").waitFor();
    await page.keyboard.press("ArrowRight");
    await reader.getByText("topic · small · 5 shots").waitFor();
    await page.keyboard.press("Control+f");
    await page.keyboard.type("card");
    await reader.getByRole("status").getByText("1 of 1").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await reader.waitFor({ state: "detached" });
  });

  test("a table is a window on its rows, goes by keyboard, and is copied for a spreadsheet", async () => {
    const grid = cell("numbers").getByRole("grid");
    await grid.getByText("row 0", { exact: true }).waitFor();
    expect(await grid.getByRole("row").count()).toBeLessThan(40);
    await grid.focus();
    await page.keyboard.press("End");
    await grid.getByText("row 999", { exact: true }).waitFor();
    await cell("numbers").getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByText("Copied 1,000 rows.").waitFor();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(copied.split("\n")).toHaveLength(1001);
    expect(copied).toMatch(/^n\ttext\tpart\tshare\n0\trow 0\t0\t0.1234567890123\n/);
    // One alone has all its digits too.
    await grid.focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "Control+c"]) await page.keyboard.press(key);
    await expect.poll(() => page.evaluate<string>("navigator.clipboard.readText()")).toBe("0.1234567890123");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("0.1234567890123").waitFor();
    await page.keyboard.press("Escape");
  });

  test("a chart says what it shows, has its table one click away, and is made of a table without code", async () => {
    await cell("spread")
      .getByRole("img", { name: /^Histogram of part: 1,000 values/ })
      .waitFor();
    await cell("spread").getByRole("button", { name: "show the table" }).click();
    await cell("spread").getByRole("grid").waitFor();
    await cell("numbers").getByRole("button", { name: "Chart" }).click();
    await page.getByLabel("Type").selectOption("line");
    await page.getByLabel("Across").selectOption("n");
    await page.getByLabel("Up").selectOption("part");
    await page.getByRole("button", { name: "Insert the chart below" }).click();
    await cell("numbers_chart")
      .getByRole("img", { name: /^Line chart of part by n/ })
      .waitFor();
    await untilFile(/```chart numbers_chart\ndata: numbers\ntype: line\nx: n\ny: part\n```/);
  });

  test("a test has a line for each check, with what both sides came to", async () => {
    const lines = cell("gate").locator(".test-line");
    await expect.poll(() => lines.count()).toBe(2);
    const [held, failed] = await lines.allInnerTexts();
    expect(held).toMatch(/passes[\s\S]*good\.score >= 1/);
    expect(failed).toMatch(/fails[\s\S]*count\(topic\) == 5[\s\S]*4 \(n 4 of 4/);
  });
});

describe("the inspector", () => {
  test("shows exactly what was sent, with the values that went into it marked", async () => {
    await cell("topic").locator(".result").nth(1).click();
    await page.getByRole("tab", { name: "Prompt" }).click();
    const sent = inspector().locator(".sent");
    await expect.poll(() => sent.allInnerTexts()).toHaveLength(2);
    expect((await sent.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "))).toEqual([
      "system You route messages.",
      "user 5 My card is late",
    ]);
    expect(await sent.locator("mark").innerText()).toBe("My card is late");
  });

  test("keeps every answer: another one beside the first, and either can be shown", async () => {
    const card = cell("topic").locator(".result").nth(3);
    await card.click();
    await page.getByRole("tab", { name: "Result" }).click();
    await card.getByRole("button", { name: "Run again" }).click();
    const other = inspector().locator(".answer");
    await expect.poll(() => other.count(), { timeout: 10_000 }).toBe(1);
    await other.getByText("the same").waitFor();
    await other.getByRole("button", { name: "show this one" }).click();
    await inspector().getByRole("button", { name: "show the newest again" }).waitFor();
  });

  test("is reached by a chip that stays under the pointer while what a run would send is worked out", async () => {
    const held: Route[] = [];
    let isHeld = true;
    await page.route(/notebook\.estimate/, (route) => (isHeld ? void held.push(route) : route.continue()));
    await setMessage("My card is bent");
    const chip = cell("topic").locator(".setting-chips .chip").first();
    await chip.hover();
    await expect.poll(() => held.length).toBeGreaterThan(0);
    const before = await chip.boundingBox();
    await page.mouse.down();
    isHeld = false;
    for (const route of held) await route.continue();
    await expect.poll(() => cell("topic").locator(".run-button").textContent()).toMatch(/4.*free/);
    expect(await chip.boundingBox()).toEqual(before);
    await page.mouse.up();
    await page.getByRole("dialog", { name: "models of topic" }).waitFor();
    await page.keyboard.press("Escape");
    await setMessage("My card is late");
  });

  test("sets a cell's configuration by a form, and by a chip in its head, and the file follows", async () => {
    await cell("topic").locator(".cell-head").click();
    await page.getByRole("tab", { name: "Settings" }).click();
    await inspector().getByLabel("Most tokens").fill("40");
    await page.keyboard.press("Tab");
    await untilFile(/temperature: 0\nmax_tokens: 40\n/);
    // A narrow head has room for the first chips alone.
    await page.setViewportSize({ width: 1600, height: 900 });
    await cell("topic").getByRole("button", { name: "temperature 0", exact: true }).click();
    await page.getByRole("dialog").getByLabel("Temperature").fill("0.5");
    await page.keyboard.press("Tab");
    await untilFile(/temperature: 0\.5\n/);
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 1280, height: 900 });
    await inspector().getByRole("button", { name: "as YAML" }).click();
    const yaml = inspector().getByRole("textbox", { name: "Configuration as YAML" });
    await yaml.fill(
      (await yaml.inputValue()).replace("temperature: 0.5", "temperature: 0").replace(/\nmax_tokens: 40/, ""),
    );
    await inspector().getByRole("button", { name: "Keep" }).click();
    await untilFile(/vary: \{ shots: \[0, 5\] \}\ntemperature: 0\n---/);
  });

  test("offers of a prompt's settings what its model can take, and says beside the rest why not and who says so", async () => {
    const other = await page.context().newPage();
    const complained = complaintsOf(other);
    await other.goto(`${served.address}/n/offers`);
    const panel = other.getByRole("complementary", { name: "Inspector" });
    const effort = panel.getByLabel("Reasoning effort");
    const open = async (name: string): Promise<void> => {
      await other.locator(`[data-block="${name}"] .cell-head`).click();
      await other.getByRole("tab", { name: "Settings" }).click();
    };
    await open("plain");
    const reason = panel.getByText("openai/gpt-4o-mini does not think before it answers. Documented at");
    await reason.waitFor();
    expect(await effort.isDisabled()).toBe(true);
    expect(await effort.getAttribute("aria-describedby")).toBe(await reason.getAttribute("id"));
    expect(await panel.getByLabel("Images").isEnabled()).toBe(true);
    expect(await seriousProblems(other, ".inspector")).toEqual([]);
    // What stands there can be taken away.
    await open("told");
    await expect.poll(() => effort.inputValue()).toBe("low");
    await reason.waitFor();
    expect(await effort.isEnabled()).toBe(true);
    await open("unknown");
    await reason.waitFor({ state: "detached" });
    expect(await effort.isEnabled()).toBe(true);
    // Another model, and what it takes is offered.
    await open("plain");
    await reason.waitFor();
    await panel.getByLabel("Model", { exact: true }).fill("openai/o3-mini");
    await other.keyboard.press("Tab");
    await panel.getByText("openai/o3-mini reads text alone").waitFor();
    expect(await effort.isEnabled()).toBe(true);
    expect(await panel.getByLabel("Images").isDisabled()).toBe(true);
    expect(complained).toEqual([]);
    await other.close();
  });

  test("has the texts a cell was run with, and gives one back", async () => {
    await cell("slow").locator(".cell-head").click();
    await page.getByRole("tab", { name: "History" }).click();
    await inspector().getByText("as it is now").waitFor();
    await page.getByRole("tab", { name: "Settings" }).click();
    await inspector().getByLabel("Temperature").fill("1");
    await page.keyboard.press("Tab");
    await untilFile(/delay-800\ntemperature: 1\n/);
    await page.getByRole("tab", { name: "History" }).click();
    const [version] = [inspector().locator(".version").first()];
    await version.getByRole("button", { name: "difference" }).click();
    await expect
      .poll(() => version.locator("ins").allInnerTexts())
      .toEqual([expect.stringContaining("the text now"), expect.stringContaining("temperature: 1")]);
    await version.getByRole("button", { name: "restore" }).click();
    await expect.poll(file).not.toMatch(/temperature: 1\n/);
  });
});

test(
  "axe finds nothing serious in results, in each tab of the inspector, and in the reader",
  { timeout: 60_000 },
  async () => {
    await cell("topic").locator(".result").first().click();
    for (const tab of ["Result", "Prompt", "History", "Cost", "Settings"]) {
      await page.getByRole("tab", { name: tab }).click();
      expect([tab, await seriousProblems(page, ".inspector")]).toEqual([tab, []]);
    }
    for (const name of ["topic", "fields", "many", "numbers", "spread", "gate"])
      expect([name, await seriousProblems(page, `[data-block=${name}]`)]).toEqual([name, []]);
    await cell("topic").locator(".result").first().hover();
    await cell("topic").getByRole("button", { name: "Read in full size" }).first().click();
    await page.getByRole("dialog").waitFor();
    expect(await seriousProblems(page, ".reader")).toEqual([]);
    await page.keyboard.press("Escape");
  },
);
