import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Locator, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { servedWorkspace, type ServedWorkspace } from "../helpers/serving.ts";
import { sheaf } from "../helpers/sheaf.ts";
import { complaintsOf, openBrowser } from "./open-browser.ts";
import { seriousProblems } from "./open-workbench.ts";

const notebook = `---
sheaf: 1
title: Editing
inputs:
  message: { type: string, default: "My card is late" }
models:
  small: echo/upper
---

\`\`\`data people
name,age
Ada,36
Grace,52
\`\`\`

\`\`\`template greeting
Hello {{ message }}

and a line that is long enough to be broken where the page ends, whatever the width of the page, because it goes on and on and on
\`\`\`

\`\`\`prompt topic
---
model: small
vary: { tone: [warm, cold] }
---
system:
Be {{ vary.tone }}.

user:
{{ greeting }} {{ message }}
\`\`\`

\`\`\`sql adults
select name from people
where age > 40
\`\`\`

\`\`\`retrieve nearest
from: people
text: name
query: =message
\`\`\`

\`\`\`js count
const all = [...people];
return all.length;
\`\`\`
`;

/** The same with a text between two cells. */
const withProse = notebook.replace("```js count", "Some words.\n\n```js count");
const prose = "prose:nearest";

/** Cells with a text. */
const cells = 6;

let served: ServedWorkspace;
let browser: Browser;
const pages: Page[] = [];

beforeAll(async () => {
  served = await servedWorkspace({
    ...Object.fromEntries(
      ["typing", "left", "names", "offered", "renamed", "tabs", "away", "sent", "given"].map((name) => [
        name,
        notebook,
      ]),
    ),
    ...Object.fromEntries(["prose", "refused", "made", "both", "along"].map((name) => [name, withProse])),
  });
  browser = await openBrowser();
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});
afterAll(async () => {
  await browser.close();
  await served[Symbol.asyncDispose]();
});

async function openPage(name: string): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  pages.push(page);
  await page.goto(`${served.address}/n/${name}`);
  await page.waitForSelector(".document[data-listens]");
  await expect.poll(() => page.locator(".cell-source .cm-content").count(), { timeout: 15_000 }).toBe(cells);
  return { page, complaints };
}

const block = (page: Page, name: string): Locator => page.locator(`[data-block="${name}"]`);
const textOf = (page: Page, name: string): Locator => block(page, name).locator(".cm-content");
const onDisk = (name: string): Promise<string> => readFile(join(served.folder, "notebooks", `${name}.md`), "utf8");

const isFocused = async (element: Locator): Promise<boolean> =>
  (await element.count()) === 1 && (await element.evaluate((one) => one.matches(":focus")));

/** Begins to type at the end of a cell's text, by keys alone. */
async function typeIn(page: Page, name: string): Promise<void> {
  await block(page, name).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => isFocused(textOf(page, name))).toBe(true);
  await page.keyboard.press("Control+End");
}

/** Begins to type at the end of the text between two cells. */
async function typeInProse(page: Page): Promise<void> {
  await block(page, prose).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => isFocused(page.getByLabel("Text in Markdown"))).toBe(true);
  await page.keyboard.press("Control+End");
}

async function shown(page: Page, name: string): Promise<string> {
  return (await textOf(page, name).locator(".cm-line").allTextContents()).join("\n");
}

describe("typing in a cell", () => {
  test("begins with Enter and ends with Escape, goes to the file by itself, and is no trap for the keyboard", async () => {
    const { page, complaints } = await openPage("typing");
    await typeIn(page, "greeting");
    await page.keyboard.type("\nBye");
    await page.keyboard.press("Tab");
    await page.keyboard.type("!");
    await expect.poll(() => onDisk("typing")).toContain("on and on and on\nBye  !\n```");
    await expect.poll(() => page.locator(".top-bar [role=status]").textContent()).toBe("saved");

    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await expect.poll(() => onDisk("typing")).not.toContain("Bye  !");

    await page.keyboard.press("Escape");
    expect(await isFocused(block(page, "greeting"))).toBe(true);
    for (let presses = 0; presses < 12; presses += 1) await page.keyboard.press("Tab");
    expect(await page.locator(".cm-content:focus").count()).toBe(0);
    expect(await seriousProblems(page, ".cell-source")).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("is kept where the page is left at once", async () => {
    const { page } = await openPage("left");
    await typeIn(page, "greeting");
    await page.keyboard.type(" Farewell");
    await page.goto("about:blank");
    await expect.poll(() => onDisk("left")).toContain("on and on Farewell\n");
  });

  test("runs the cell with what is typed, in place or going on to the next", async () => {
    const { page } = await openPage("typing");
    await typeIn(page, "topic");
    await page.keyboard.type(" Thanks");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => block(page, "topic").locator(".result").first().textContent()).toContain("LATE THANKS");
    expect(await shown(page, "topic")).not.toContain("Thanks\n");
    await page.keyboard.press("Shift+Enter");
    await expect.poll(() => isFocused(block(page, "adults"))).toBe(true);
  });

  test("moves nothing when an editor takes the place of the text", async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    pages.push(page);
    const held: Route[] = [];
    // Built files are named by their hashes: the build's own list says which is the editor's.
    const list = JSON.parse(await readFile("dist/client/.vite/manifest.json", "utf8")) as {
      readonly [source: string]: { readonly file: string };
    };
    await page.route(`**/${list["app/editor/cell-editor.tsx"]!.file}`, (route) => void held.push(route));
    await page.goto(`${served.address}/n/typing`);
    await expect.poll(() => page.locator(".cell-still").count(), { timeout: 15_000 }).toBe(cells);
    const heights = (): Promise<readonly number[]> =>
      page.locator(".cell-source").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    await expect.poll(() => held.length).toBeGreaterThan(0);
    const before = await heights();
    for (const route of held) await route.continue();
    await expect.poll(() => page.locator(".cell-source .cm-content").count(), { timeout: 15_000 }).toBe(cells);
    expect(await heights()).toEqual(before);
  });
});

describe("names", () => {
  test("are offered while one types, with what they have behind a point", async () => {
    const { page } = await openPage("names");
    const option = (): Promise<string | null> =>
      page.locator(".cm-tooltip-autocomplete [aria-selected] .cm-completionLabel").textContent();
    // An offer is not taken by a key that was meant for the text before it came up.
    const accept = async (): Promise<void> => {
      await page.waitForTimeout(300);
      await page.keyboard.press("Enter");
    };
    await typeIn(page, "topic");
    await page.keyboard.type("\n{{ mess");
    await expect.poll(option).toBe("message");
    await accept();
    await page.keyboard.type(" | upp");
    await expect.poll(option).toBe("upper");
    await accept();
    await expect.poll(() => shown(page, "topic")).toContain("{{ message | upper}}");

    await page.keyboard.press("Escape");
    await typeIn(page, "adults");
    await page.keyboard.type(" order by ag");
    await expect.poll(option).toBe("age");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await typeIn(page, "nearest");
    await page.keyboard.type("\nmo");
    await expect.poll(option).toBe("mode");
    await accept();
    await expect.poll(option).toBe("semantic");
  });

  test("stay offered while what was typed is kept", async () => {
    const { page } = await openPage("offered");
    let held: Route[] | null = [];
    await page.route(/notebook\.edit/, (route) => (held === null ? route.continue() : void held.push(route)));
    await typeIn(page, "topic");
    await page.keyboard.type("\n{{ mess");
    const offer = page.locator(".cm-tooltip-autocomplete:not(.cm-tooltip-autocomplete-disabled)");
    await expect.poll(() => offer.locator("[aria-selected] .cm-completionLabel").textContent()).toBe("message");
    await expect.poll(() => held?.length).toBe(1);
    // While it is looked for anew, Enter is a line of the text.
    await page.evaluate(`{
      window.lookedFor = 0;
      const offer = document.querySelector(".cm-tooltip-autocomplete");
      const look = () => { if (offer.matches(".cm-tooltip-autocomplete-disabled") || !offer.isConnected) lookedFor += 1; };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    }`);
    // What was typed slowly is kept in more than one.
    const all = held;
    held = null;
    await Promise.all(all.map((route) => route.continue()));
    await expect.poll(() => page.locator(".top-bar [role=status]").textContent()).toBe("saved");
    expect(await page.evaluate("window.lookedFor")).toBe(0);
    await page.keyboard.press("Enter");
    await expect.poll(() => shown(page, "topic")).toContain("{{ message }}\n{{ message}}");
  });

  test("that are unknown are underlined, and corrected with a key", async () => {
    const { page } = await openPage("names");
    await typeIn(page, "greeting");
    await page.keyboard.type("\n{{ mesage }}");
    await expect.poll(() => textOf(page, "greeting").locator(".cm-lintRange-error").textContent()).toBe("mesage");
    await page.keyboard.press("F8");
    expect(await page.locator(".cm-diagnostic").textContent()).toContain("Did you mean `message`?");
    await page.keyboard.press("Alt+.");
    await expect.poll(() => shown(page, "greeting")).toContain("\n{{ message }}");
    await expect.poll(() => textOf(page, "greeting").locator(".cm-lintRange-error").count()).toBe(0);
  });

  test("show their value, their other uses, and where they are from", async () => {
    const { page } = await openPage("names");
    await textOf(page, "count").locator(".name-known", { hasText: "people" }).click();
    await expect
      .poll(() => page.locator(".name-highlighted").allTextContents())
      .toEqual(["people", "people", "people"]);
    await page.locator('[data-block="adults"] .name-known').first().hover();
    await expect.poll(() => page.locator(".name-hover").textContent()).toContain("Grace");
    await page.keyboard.press("F12");
    await expect.poll(() => isFocused(block(page, "people"))).toBe(true);
    await textOf(page, "topic")
      .locator(".name-known", { hasText: "greeting" })
      .click({ modifiers: ["Control"] });
    await expect.poll(() => isFocused(block(page, "greeting"))).toBe(true);
  });

  test("are renamed in the whole notebook", async () => {
    const { page } = await openPage("renamed");
    await textOf(page, "topic").locator(".name-known", { hasText: "message" }).first().click();
    await page.keyboard.press("F2");
    await page.locator("[role=alertdialog] input").fill("question");
    await page.keyboard.press("Enter");
    await expect.poll(() => onDisk("renamed")).not.toMatch(/\bmessage\b/);
    expect(await onDisk("renamed")).toContain("query: =question");
    await expect.poll(() => shown(page, "greeting")).toContain("Hello {{ question }}");
  });
});

describe("a cell that is edited in two places", () => {
  test("takes what is written elsewhere without moving the cursor", async () => {
    const [here, there] = [(await openPage("tabs")).page, (await openPage("tabs")).page];
    await typeIn(here, "adults");
    await typeIn(there, "adults");
    await there.keyboard.press("Control+Home");
    await there.keyboard.type("-- first\n");
    await expect.poll(() => shown(here, "adults")).toContain("-- first\nselect");
    await here.keyboard.type(" limit 5");
    await expect.poll(() => shown(there, "adults")).toBe("-- first\nselect name from people\nwhere age > 40 limit 5");
  });

  test("keeps both texts until somebody chooses", async () => {
    const [here, there] = [(await openPage("tabs")).page, (await openPage("tabs")).page];
    const held: Route[] = [];
    let isHeld = true;
    await here.route(/notebook\.edit/, (route) => (isHeld ? void held.push(route) : route.continue()));
    await typeIn(here, "greeting");
    await here.keyboard.type(" MINE");
    await expect.poll(() => held.length).toBe(1);
    await typeIn(there, "greeting");
    await there.keyboard.type(" THEIRS");
    const bar = block(here, "greeting").locator(".conflict");
    await expect.poll(() => bar.textContent()).toContain("Changed elsewhere");
    isHeld = false;
    await held[0]!.continue();
    expect(await shown(here, "greeting")).toMatch(/ MINE$/);
    expect(await here.locator(".top-bar [role=status]").textContent()).toBe("not saved");
    await bar.getByRole("button", { name: "See the difference" }).click();
    expect(await bar.locator(".in-theirs").textContent()).toMatch(/THEIRS$/);
    expect(await bar.locator(".in-mine").textContent()).toMatch(/MINE$/);
    expect(await seriousProblems(here, ".conflict")).toEqual([]);

    await bar.getByRole("button", { name: "Keep mine" }).click();
    await expect.poll(() => shown(there, "greeting")).toMatch(/ MINE$/);
    await expect.poll(() => bar.count()).toBe(0);
    await expect.poll(() => onDisk("tabs")).toMatch(/on and on MINE\n/);
  });
});

describe("text between cells", () => {
  test("is kept while it is typed, as one step, and where the page is left at once", async () => {
    const { page, complaints } = await openPage("prose");
    await typeInProse(page);
    await page.keyboard.type(" More,");
    await expect.poll(() => onDisk("prose")).toContain("\n\nSome words. More,\n\n```js count");
    await page.keyboard.type(" and more");
    await expect.poll(() => onDisk("prose")).toContain("More, and more\n\n```");
    await expect.poll(() => page.locator(".top-bar [role=status]").textContent()).toBe("saved");
    await page.keyboard.press("Escape");
    await expect.poll(() => isFocused(block(page, prose))).toBe(true);
    await page.keyboard.press("z");
    await expect.poll(() => onDisk("prose")).toBe(withProse);
    await typeInProse(page);
    await page.keyboard.type(" Farewell");
    expect(complaints).toEqual([]);
    await page.goto("about:blank");
    await expect.poll(() => onDisk("prose")).toContain("Some words. Farewell\n\n```js count");
  });

  test("that the server does not take stays, and says why", async () => {
    const { page } = await openPage("refused");
    await typeInProse(page);
    await page.keyboard.type("\n\n<!--");
    const problem = block(page, prose).getByRole("alert");
    await problem.getByText("other cells would no longer be read as cells").waitFor();
    await page.keyboard.press("Escape");
    await page.getByLabel("Text in Markdown").waitFor({ state: "detached" });
    expect(await problem.count()).toBe(1);
    expect(await page.locator(".top-bar [role=status]").textContent()).toBe("not saved");
    await page.keyboard.press("Control+s");
    await page.getByText("Not saved yet").waitFor();
    await typeInProse(page);
    expect(await page.getByLabel("Text in Markdown").inputValue()).toBe("Some words.\n\n<!--");
    await page.keyboard.type(" -->");
    await expect.poll(() => onDisk("refused")).toContain("Some words.\n\n<!-- -->\n\n```js count");
    await expect.poll(() => problem.count()).toBe(0);
  });

  test("that becomes a cell is one when it is left", async () => {
    const { page, complaints } = await openPage("made");
    await typeInProse(page);
    await page.keyboard.type("\n\n```template made\nHi\n```", { delay: 30 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await page.getByLabel("Text in Markdown").inputValue()).toMatch(/Hi\n```$/);
    await page.keyboard.press("Escape");
    await block(page, "made").waitFor();
    await expect.poll(() => onDisk("made")).toContain("Some words.\n\n```template made\nHi\n```\n\n```js count");
    await typeInProse(page);
    expect(await page.getByLabel("Text in Markdown").inputValue()).toBe("Some words.");
    expect(await page.locator(".conflict, .problem").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("that is edited in two places keeps both until somebody chooses", async () => {
    const [here, there] = [(await openPage("both")).page, (await openPage("both")).page];
    const held: Route[] = [];
    let isHeld = true;
    await here.route(/notebook\.edit/, (route) => (isHeld ? void held.push(route) : route.continue()));
    await typeInProse(here);
    await here.keyboard.type(" MINE");
    await expect.poll(() => held.length).toBe(1);
    await typeInProse(there);
    await there.keyboard.type(" THEIRS");
    const bar = block(here, prose).locator(".conflict");
    await expect.poll(() => bar.textContent()).toContain("Changed elsewhere");
    isHeld = false;
    await held[0]!.continue();
    expect(await here.getByLabel("Text in Markdown").inputValue()).toBe("Some words. MINE");
    await bar.getByRole("button", { name: "Keep mine" }).click();
    await expect.poll(() => there.getByLabel("Text in Markdown").inputValue()).toBe("Some words. MINE");
    await expect.poll(() => bar.count()).toBe(0);
    await expect.poll(() => onDisk("both")).toContain("Some words. MINE\n\n```js count");
  });

  test("is typed on where it is then, when somebody else puts a cell above it", async () => {
    const { page, complaints } = await openPage("along");
    await typeInProse(page);
    await page.keyboard.type(" More");
    const file = join(served.folder, "notebooks/along.md");
    await expect.poll(() => onDisk("along")).toContain("Some words. More\n");
    // As most editors save: a file that is read while it is half written has other texts.
    await writeFile(
      `${file}.new`,
      (await onDisk("along")).replace("Some words.", "```template extra\nx\n```\n\nSome words."),
    );
    await rename(`${file}.new`, file);
    const field = block(page, "prose:extra").getByLabel("Text in Markdown");
    await expect.poll(() => isFocused(field)).toBe(true);
    await page.keyboard.type(" and more");
    await expect.poll(() => onDisk("along")).toContain("x\n```\n\nSome words. More and more\n\n```js count");
    expect(await page.getByLabel("Text in Markdown").count()).toBe(1);
    expect(complaints).toEqual([]);
  });
});

test("an input is what it is given last, also what it showed before while another is on its way", async () => {
  const { page } = await openPage("given");
  const given: unknown[] = [];
  await page.route("**/notebook.setInputs*", async (route) => {
    given.push(route.request().postDataJSON());
    if (given.length === 1) await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  const field = page.locator("#input-message");
  for (const words of ["Where is it?", "My card is late"]) {
    await field.fill(words);
    await page.keyboard.press("Enter");
  }
  await expect.poll(() => given.length).toBe(2);
  await page.waitForTimeout(700);
  expect(await field.inputValue()).toBe("My card is late");
});

test("a prompt is shown as it is sent, for the variant that is picked, beside its text", async () => {
  const { page } = await openPage("sent");
  await typeIn(page, "topic");
  await page.keyboard.press("Alt+p");
  const preview = block(page, "topic").locator(".prompt-preview");
  await expect.poll(() => preview.locator(".message-role").allTextContents()).toEqual(["system", "user"]);
  await expect.poll(() => preview.locator("mark").allTextContents()).toContain("warm");
  await preview.locator("select").selectOption("cold");
  await expect.poll(() => preview.locator("mark").allTextContents()).toContain("cold");
  await preview.locator("select").focus();
  expect(await isFocused(preview.locator("select"))).toBe(true);
  await writeFile(
    join(served.folder, "notebooks/sent.md"),
    (await onDisk("sent")).replace("Be {{ vary.tone }}.", "Please be {{ vary.tone }}."),
  );
  await expect.poll(() => preview.textContent()).toContain("Please be cold.");
  // It is the list that it was: its notebook changed meanwhile.
  expect(await isFocused(preview.locator("select"))).toBe(true);
  await page.keyboard.press("Escape");
  await page.locator("#input-message").fill("Where is it?");
  await page.keyboard.press("Enter");
  await expect.poll(() => preview.locator("mark").allTextContents()).toContain("Where is it?");
  expect(await seriousProblems(page, ".prompt-preview")).toEqual([]);
});

// The last of this file: the server is another one afterwards.
test("typing goes on over a restart of the server, and nothing of it is lost", async () => {
  const { page } = await openPage("away");
  await page.evaluate("window.same = true");
  await typeIn(page, "adults");
  await page.keyboard.type(" and age");
  served.process.kill("SIGKILL");
  await served.process.ended;
  await page.keyboard.type(" < 60");
  await expect
    .poll(() => page.locator(".top-bar [role=status]").textContent(), { timeout: 15_000 })
    .toContain("what you type is kept here");
  const { port } = new URL(served.address);
  await using again = sheaf(["serve", "--port", port, "--no-build"], { folder: served.folder });
  await again.waitFor(/Sheaf is at/);
  await page.keyboard.type(" limit 9");
  await expect.poll(() => onDisk("away"), { timeout: 15_000 }).toContain("where age > 40 and age < 60 limit 9\n");
  await expect.poll(() => page.locator(".top-bar [role=status]").textContent(), { timeout: 10_000 }).toBe("saved");
  expect(await shown(page, "adults")).toBe("select name from people\nwhere age > 40 and age < 60 limit 9");
  expect(await page.evaluate("window.same")).toBe(true);
});
