import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorkbench, seriousProblems, type OpenedPage, type Workbench } from "./open-workbench.ts";
import { press } from "./press.ts";

const empty = `---
sheaf: 1
title: By keys alone
inputs: { name: { type: string, default: Ada } }
models: { echo: echo/text }
---

# By keys alone
`;

const chain = `---
sheaf: 1
title: A chain
models: { echo: echo/text }
---

# First part

\`\`\`template greeting
Hello Ada
\`\`\`

\`\`\`template letter
{{ greeting }}!
\`\`\`

## Second part

Some words between.

\`\`\`prompt answer
---
model: echo
---
{{ letter }}
\`\`\`
`;

const pruned = `---
sheaf: 1
title: Much to take out
---

\`\`\`template one
One
\`\`\`

\`\`\`template two
Two
\`\`\`

Text below two.

\`\`\`template three
Three
\`\`\`

Text below three.

\`\`\`template four
Four
\`\`\`
`;

const nested = `---
sheaf: 1
title: Cells in a sheet
---

\`\`\`sql rows
select i as id from range(3) t(i)
\`\`\`

\`\`\`\`sheet sheet
---
rows: rows
key: id
---
\`\`\`template first
{{ row.id }}
\`\`\`

\`\`\`template second
{{ first }}
\`\`\`
\`\`\`\`

\`\`\`template below
Below
\`\`\`
`;

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({
    empty,
    chain,
    quick: chain,
    chips: chain.replace("model: echo\n", "model: echo\ntemperature: 0\n"),
    other: chain.replace("A chain", "Another chain"),
    found: chain,
    pruned,
    slow: pruned,
    away: chain,
    nested,
    left: pruned,
    entered: pruned.replace("Much to take out", "Somewhere else"),
    held: pruned,
    ahead: chain,
    early: chain,
    typed: pruned,
    undone: pruned,
    alone: pruned,
  });
}, 60_000);
afterAll(() => workbench[Symbol.asyncDispose]());

/** A notebook's page, whose keys do something. */
async function opened(name: string): Promise<OpenedPage> {
  const page = await workbench.open(`/n/${name}`);
  await page.page.waitForSelector("[data-listens]");
  return page;
}

const textOf = (name: string): Promise<string> =>
  readFile(join(workbench.folder, "notebooks", `${name}.md`), "utf8").then((text) =>
    text.replace(/^---\n[\s\S]*?\n---\n/, ""),
  );
const selected = (page: Page): Promise<string | null> =>
  page.evaluate<string | null>(`document.activeElement.closest("[data-block]")?.dataset.block ?? null`);
const order = (page: Page): Promise<readonly string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll(".document [data-block]")].map((each) => each.dataset.block)`);
/** Keeps requests of these addresses waiting, milliseconds each. */
const slowly = (page: Page, of: RegExp, delay: number): Promise<unknown> =>
  page.route(of, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, delay));
    await route.continue();
  });
const results = (page: Page, block: string) => page.locator(`[data-block="${block}"] .results`);

/** Puts a cell of a kind below the selected block, by the letters its kind begins with. */
async function insert(page: Page, letters: string, cell: string): Promise<void> {
  await press(page, "b");
  await page.getByRole("menu").waitFor();
  await expect.poll(() => page.evaluate(`document.activeElement.getAttribute("role")`)).toBe("menuitem");
  await page.keyboard.type(letters, { delay: 20 });
  await press(page, "Enter");
  await expect.poll(() => selected(page)).toBe(cell);
}

async function rename(page: Page, to: string): Promise<void> {
  await press(page, "F2");
  await page.locator(".cell-name-field input").waitFor();
  await expect.poll(() => page.evaluate(`document.activeElement.tagName`)).toBe("INPUT");
  await page.keyboard.type(to);
  await press(page, "Enter");
  await expect.poll(() => selected(page)).toBe(to);
}

describe("by keys alone", { timeout: 60_000 }, () => {
  test("a notebook is built, run, taken apart and put back", async () => {
    await using one = await opened("empty");
    const { page, complaints } = one;
    await press(page, "j");
    await expect.poll(() => selected(page)).toBe("prose:");
    await insert(page, "temp", "template");
    await rename(page, "greeting");
    await insert(page, "pro", "prompt");
    await rename(page, "answer");
    await expect.poll(() => textOf("empty")).toContain("```prompt answer\n---\nmodel: echo\n---\n{{ name }}\n```");

    await press(page, "Control+Enter");
    await results(page, "answer").getByText("Ada").first().waitFor();
    await expect.poll(() => selected(page)).toBe("answer");
    // Enter on an answer explains it, and types into nothing.
    await page.locator('[data-block="answer"] .result').first().press("Enter");
    await page.getByRole("complementary", { name: "Inspector" }).getByText("echo/text").first().waitFor();
    expect(await page.evaluate("document.activeElement.classList.contains('result')")).toBe(true);
    await press(page, "k", "Shift+Enter");
    await expect.poll(() => selected(page)).toBe("answer");

    await press(page, "d", "d");
    await expect.poll(() => order(page)).toEqual(["prose:", "greeting"]);
    await expect.poll(() => selected(page)).toBe("greeting");
    await press(page, "z");
    await expect.poll(() => selected(page)).toBe("answer");
    await page.locator('[data-block="answer"].flashed').waitFor();
    await press(page, "Shift+z");
    await expect.poll(() => order(page)).toEqual(["prose:", "greeting"]);
    await press(page, "z");
    await expect.poll(() => order(page)).toEqual(["prose:", "greeting", "answer"]);

    await press(page, "Enter");
    await press(page, "Control+s");
    await page.getByText("Every change is written by itself").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("blocks are walked, chosen together, moved, copied, cut and pasted", async () => {
    await using one = await opened("chain");
    const { page, complaints } = one;
    const all = ["prose:", "greeting", "letter", "prose:letter", "answer"];
    await expect.poll(() => order(page)).toEqual(all);
    await press(page, "j", "j", "ArrowDown", "k");
    await expect.poll(() => selected(page)).toBe("greeting");
    await press(page, "Shift+g");
    await expect.poll(() => selected(page)).toBe("answer");
    await press(page, "g", "g", "j");
    await expect.poll(() => selected(page)).toBe("greeting");

    await press(page, "Alt+ArrowDown");
    await expect.poll(() => order(page)).toEqual(["prose:", "letter", "greeting", "prose:greeting", "answer"]);
    await expect.poll(() => selected(page)).toBe("greeting");
    await press(page, "z");
    await expect.poll(() => order(page)).toEqual(all);

    await press(page, "Shift+j");
    await expect.poll(() => page.locator(".chosen").count()).toBe(2);
    await press(page, "c");
    await page.getByText("Copied as Markdown").waitFor();
    await press(page, "Escape", "Shift+g", "v");
    await expect.poll(() => selected(page)).toBe("greeting_2");
    await expect.poll(() => textOf("chain")).toContain("```template letter_2\n{{ greeting_2 }}!\n```");
    await page.getByRole("complementary", { name: "Inspector" }).getByText("Hello Ada").waitFor();
    await page.waitForLoadState("networkidle");

    await press(page, "z");
    await expect.poll(() => order(page)).toEqual(all);
    await press(page, "g", "g", "j", "x");
    await page.getByRole("alertdialog").getByText("letter reads it").waitFor();
    await press(page, "Escape");
    await expect.poll(() => order(page)).toEqual(all);
    await expect.poll(() => selected(page)).toBe("greeting");
    expect(complaints).toEqual([]);
  });

  test("a notebook that is opened from the rail hears keys at once", async () => {
    await using one = await opened("chain");
    const { page, complaints } = one;
    await page
      .getByRole("navigation", { name: "Workspace" })
      .getByRole("link", { name: "Another chain" })
      .press("Enter");
    await page.getByRole("main", { name: "Another chain" }).waitFor();
    await page.waitForSelector("[data-listens]");
    await press(page, "j", "j");
    await expect.poll(() => selected(page)).toBe("greeting");
    expect(complaints).toEqual([]);
  });

  test("blocks are deleted one after another as fast as one types, and text that is another cell's then is gone on at", async () => {
    await using one = await opened("pruned");
    const { page, complaints } = one;
    await press(page, "j", "j", "d", "d");
    await expect.poll(() => order(page)).toEqual(["one", "prose:one", "three", "prose:three", "four"]);
    await expect.poll(() => selected(page)).toBe("prose:one");
    // Without waiting: the text, the cell below it, and the text below that.
    await press(page, "d", "d", "d", "d", "d", "d");
    await expect.poll(() => order(page)).toEqual(["one", "four"]);
    await expect.poll(() => selected(page)).toBe("four");
    await press(page, "z", "z", "z", "z");
    await expect.poll(() => order(page)).toEqual(["one", "two", "prose:two", "three", "prose:three", "four"]);
    await expect.poll(() => textOf("pruned")).toBe(pruned.replace(/^---\n[\s\S]*?\n---\n/, ""));
    // Text that is moved keeps the focus, under the name it has then.
    await press(page, "g", "g", "j", "j", "Alt+ArrowUp");
    await expect.poll(() => order(page)).toEqual(["one", "prose:one", "two", "three", "prose:three", "four"]);
    await expect.poll(() => selected(page)).toBe("prose:one");
    await press(page, "Alt+ArrowDown");
    await expect.poll(() => selected(page)).toBe("prose:two");
    expect(complaints).toEqual([]);
  });

  test("what is done while a part of the page cannot be fetched is told, with what to do, and done when asked again", async () => {
    await using one = await opened("away");
    const { page } = one;
    await press(page, "Shift+g");
    await page.waitForLoadState("networkidle");
    await page.route("**/*.js", async (route) => {
      const response = await route.fetch();
      await ((await response.text()).includes("takeFile.mutate") ? route.abort() : route.fulfill({ response }));
    });
    await press(page, "d", "d");
    await page.getByText("A part of this page could not be loaded, and nothing was done").waitFor();
    await page.getByText("Try again; if it stays so, reload the page.").waitFor();
    await page.unrouteAll({ behavior: "wait" });
    await press(page, "d", "d");
    await expect.poll(() => order(page)).not.toContain("answer");
  });

  test("the cells in a sheet are unfolded, walked, typed in and left", async () => {
    await using one = await opened("nested");
    const { page, complaints } = one;
    const focused = () => page.evaluate(`document.activeElement.dataset.inner ?? document.activeElement.dataset.block`);
    await press(page, "j", "j");
    await expect.poll(focused).toBe("sheet");
    // Folded they are passed over.
    await press(page, "j");
    await expect.poll(focused).toBe("below");
    await press(page, "k", "ArrowRight", "j");
    await expect.poll(focused).toBe("sheet.first");
    await expect
      .poll(() => page.locator('[data-inner="sheet.first"] .cell-source').innerText())
      .toContain("{{ row.id }}");
    await press(page, "j");
    await expect.poll(focused).toBe("sheet.second");
    await press(page, "Enter");
    await expect.poll(() => page.evaluate(`document.activeElement.isContentEditable`)).toBe(true);
    await press(page, "Control+End");
    await page.keyboard.type("!");
    await press(page, "Escape");
    await expect.poll(focused).toBe("sheet.second");
    await expect.poll(() => textOf("nested")).toContain("{{ first }}!\n");
    await press(page, "j");
    await expect.poll(focused).toBe("below");
    await press(page, "k");
    await expect.poll(focused).toBe("sheet.second");
    // Folded first, and then left for the sheet.
    await press(page, "ArrowLeft", "ArrowLeft");
    await expect.poll(focused).toBe("sheet");
    // One is left by Escape too.
    await press(page, "j");
    await expect.poll(focused).toBe("sheet.first");
    await press(page, "Escape");
    await expect.poll(focused).toBe("sheet");
    await press(page, "ArrowLeft", "j");
    await expect.poll(focused).toBe("below");
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("a cell in a sheet that is gone to before it is on the page has the focus as soon as it is there", async () => {
    await using one = await opened("nested");
    const { page, complaints } = one;
    await page.route("**/*.js", async (route) => {
      const response = await route.fetch();
      if ((await response.text()).includes("inner-cell-toggle"))
        await new Promise((resolve) => setTimeout(resolve, 1_500));
      await route.fulfill({ response });
    });
    await page.reload();
    await page.waitForSelector("[data-listens]");
    await press(page, "j", "j", "ArrowRight", "j");
    await expect.poll(() => page.evaluate(`document.activeElement.dataset.inner`)).toBe("sheet.first");
    expect(complaints).toEqual([]);
  });

  test("deleting what others read asks first and says which", async () => {
    await using one = await opened("other");
    const { page, complaints } = one;
    await press(page, "j", "j", "j", "d", "d");
    const question = page.getByRole("alertdialog", { name: "Delete letter?" });
    await question.getByText("answer reads it, and cannot run without.").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await press(page, "Enter");
    await expect.poll(() => order(page)).not.toContain("letter");
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await press(page, "z");
    await expect.poll(() => selected(page)).toBe("letter");
    await press(page, "m");
    await page.getByRole("menu", { name: "Make letter a" }).waitFor();
    await expect.poll(() => page.evaluate(`document.activeElement.getAttribute("role")`)).toBe("menuitem");
    await page.keyboard.type("code", { delay: 20 });
    await press(page, "Enter");
    await page.locator('[data-block="letter"][data-kind="js"]').waitFor();
    expect(complaints).toEqual([]);
  });

  test("what is typed before a panel or menu is open is typed there, and nothing of it is done on the page", async () => {
    await using one = await opened("quick");
    const { page, complaints } = one;
    const slow = await page.context().newCDPSession(page);
    await slow.send("Emulation.setCPUThrottlingRate", { rate: 6 });
    // None of these is waited for.
    await press(page, "b", "c", "o", "d", "e", "Enter");
    await expect.poll(() => selected(page)).toBe("js");
    await press(page, "Escape", "d", "d");
    await expect.poll(() => order(page)).not.toContain("js");
    await expect.poll(() => textOf("quick")).not.toContain("```js");
    const before = await textOf("quick");
    await press(page, "Control+k", ..."dd publish".split("").map((key) => (key === " " ? "Space" : key)));
    const palette = page.getByRole("dialog", { name: "Find an action" });
    await expect.poll(() => palette.getByRole("combobox").inputValue()).toBe("dd publish");
    await press(page, "Escape");
    await palette.waitFor({ state: "hidden" });
    await press(page, "Control+k", ..."publish".split(""), "Enter");
    await page.getByRole("dialog", { name: /^Publish/ }).waitFor();
    expect(await textOf("quick")).toBe(before);
    expect(complaints).toEqual([]);
  });

  test("what is typed behind an action that is not done yet waits for it, and goes to what that or the next opens", async () => {
    await using one = await opened("slow");
    const { page, complaints } = one;
    await slowly(page, /notebook\.edit/, 600);
    await press(page, "j", "j", "d", "d", "Control+k", "d", "d", "Space", "x");
    const palette = page.getByRole("dialog", { name: "Find an action" });
    await expect.poll(() => palette.getByRole("combobox").inputValue()).toBe("dd x");
    await press(page, "Escape");
    await palette.waitFor({ state: "hidden" });
    expect(await order(page)).toEqual(["one", "prose:one", "three", "prose:three", "four"]);
    // A move is of the block that is selected by then.
    await press(page, "d", "d", "j", "d", "d");
    await expect.poll(() => order(page)).toEqual(["one", "three", "four"]);
    expect(complaints).toEqual([]);
  });

  test("keys that still wait are nothing to whoever points elsewhere: none is done in another notebook", async () => {
    await using one = await opened("left");
    const { page, complaints } = one;
    await slowly(page, /notebook\.edit/, 900);
    await press(page, "j", "d", "d", "j", "d", "d");
    await page.getByRole("link", { name: "Somewhere else" }).click();
    await page.getByRole("main", { name: "Somewhere else" }).waitFor();
    await expect.poll(() => textOf("left")).not.toContain("template one");
    // As long as a key waits.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await order(page)).toEqual(["one", "two", "prose:two", "three", "prose:three", "four"]);
    expect(complaints).toEqual([]);
  });

  test("a key that is held down does nothing more once it is let go, however slow the server is", async () => {
    await using one = await opened("held");
    const { page, complaints } = one;
    await slowly(page, /notebook\.edit/, 300);
    await press(page, "Shift+g");
    await page.keyboard.down("Alt");
    for (let presses = 0; presses < 20; presses += 1) await page.keyboard.down("ArrowUp");
    await page.keyboard.up("ArrowUp");
    await page.keyboard.up("Alt");
    await expect.poll(() => order(page)).toEqual(["one", "two", "prose:two", "three", "four", "prose:four"]);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await order(page)).toEqual(["one", "two", "prose:two", "three", "four", "prose:four"]);
    expect(complaints).toEqual([]);
  });

  test("what is pasted, or pressed with Ctrl, before a panel is open is nothing to the page that is left", async () => {
    await using one = await opened("ahead");
    const { page, complaints } = one;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate(`navigator.clipboard.writeText("greeting")`);
    await slowly(page, /find-panel|command-palette/, 400);
    await press(page, "j", "j", "Control+f", "Control+v");
    const panel = page.getByRole("region", { name: "Find and replace" });
    await expect.poll(() => panel.getByLabel("Find", { exact: true }).inputValue()).toBe("greeting");
    await press(page, "Escape");
    await panel.waitFor({ state: "hidden" });
    await press(page, "Shift+g", "d", "d");
    await expect.poll(() => order(page)).toEqual(["prose:", "greeting", "letter", "prose:letter"]);
    await press(page, "Control+k", "Control+z");
    const palette = page.getByRole("dialog", { name: "Find an action" });
    await palette.waitFor();
    await press(page, "Escape");
    await palette.waitFor({ state: "hidden" });
    expect(await order(page)).toEqual(["prose:", "greeting", "letter", "prose:letter"]);
    // Behind an edit it is pasted where one is then.
    await slowly(page, /notebook\.edit/, 600);
    await press(page, "g", "g", "d", "d", "Control+v");
    await expect.poll(() => textOf("ahead")).toMatch(/^\s*```template greeting\nHello Ada\n```\n+greeting\n/);
    expect(complaints).toEqual([]);
  });

  test("a name, a title and a text have every letter that is typed, however late their fields come", async () => {
    await using one = await opened("early");
    const { page, complaints } = one;
    await slowly(page, /name-field|title-field|prose-editor/, 400);
    await press(page, "j", "j", "F2", ..."added", "Enter");
    await expect.poll(() => selected(page)).toBe("added");
    expect(await order(page)).toEqual(["prose:", "added", "letter", "prose:letter", "answer"]);
    await press(page, "j", "j", "Enter", ..."ab", "Enter", "Enter", ..."dd");
    await expect.poll(() => textOf("early")).toContain("Some words between.ab\n\ndd\n");
    await press(page, "Escape", "Control+k", ..."change the title", "Enter", ..."A day", "Enter");
    await page.getByRole("main", { name: "A day" }).waitFor();
    expect(await order(page)).toEqual(["prose:", "added", "letter", "prose:letter", "answer"]);
    expect(complaints).toEqual([]);
  });

  test("whoever types elsewhere when an edit is done is not taken away from there", async () => {
    await using one = await opened("typed");
    const { page, complaints } = one;
    await slowly(page, /notebook\.edit/, 900);
    await press(page, "j", "d", "d");
    await page.locator('[data-block="three"] .cm-content').click();
    await press(page, "Control+End");
    await page.keyboard.type(" and added words", { delay: 100 });
    await expect.poll(() => textOf("typed")).toContain("Three and added words\n");
    await expect.poll(() => order(page)).toEqual(["two", "prose:two", "three", "prose:three", "four"]);
    expect(complaints).toEqual([]);
  });

  test("a word about an edit takes back that edit, and none that came after it", async () => {
    await using one = await opened("undone");
    const { page, complaints } = one;
    await press(page, "j", "d", "d");
    await expect.poll(() => order(page)).not.toContain("one");
    await press(page, "Shift+g", "h");
    await expect.poll(() => textOf("undone")).toContain("hidden: true");
    const toast = page.locator(".toast", { hasText: "Deleted one." });
    await toast.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Something was changed after it: undo that first.").waitFor();
    expect(await textOf("undone")).toContain("hidden: true");
    await press(page, "d", "d");
    await expect.poll(() => order(page)).not.toContain("four");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => order(page)).toContain("four");
    expect(complaints).toEqual([]);
  });

  test("actions are found soon also while other notebooks cannot be asked for", async () => {
    await using one = await opened("alone");
    const { page, complaints } = one;
    const problem = { code: "store.closed", message: "the store is closed" };
    await page.route(/notebooks\.list/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      await route.fulfill({ json: [{ error: { message: "no", code: -32603, data: { problem } } }] });
    });
    const failed = page.waitForResponse(/notebooks\.list/);
    await press(page, "Control+k", ..."help");
    const palette = page.getByRole("dialog", { name: "Find an action" });
    await palette.getByRole("option", { name: "Keys and actions" }).waitFor({ timeout: 3_800 });
    await failed;
    await press(page, "Enter");
    await page.getByRole("dialog", { name: "Keys and actions" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("a setting is kept by Tab and by Enter however early its field is left", async () => {
    await using one = await opened("chips");
    const { page, complaints } = one;
    /** Keeps the page busy where an event comes to an element: keys that are pressed meanwhile come before all else. */
    const busyAt = (type: string, selector: string): Promise<unknown> =>
      page.evaluate(`{
        const once = new AbortController();
        addEventListener("${type}", ({ target }) => {
          if (target.closest("${selector}") === null) return;
          once.abort();
          console.log("busy");
          const end = performance.now() + 500;
          while (performance.now() < end);
        }, { capture: true, signal: once.signal });
      }`);
    const chip = (words: string) => page.getByRole("button", { name: words, exact: true });
    await chip("temperature 0").waitFor();
    for (const [type, selector, key, left] of [
      ["focusin", "[role=dialog]", "1", "Tab"],
      ["focusin", "[role=dialog]", "0", "Enter"],
      ["click", ".chip", "1", "Tab"],
      ["click", ".chip", "0", "Enter"],
    ] as const) {
      await busyAt(type, selector);
      await Promise.all([
        chip(`temperature ${1 - Number(key)}`).click(),
        page
          .waitForEvent("console", (line) => line.text() === "busy")
          .then(() => Promise.all([page.keyboard.press(key), page.keyboard.press(left)])),
      ]);
      await expect.poll(() => textOf("chips")).toContain(`temperature: ${key}\n`);
      await press(page, "Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
    }
    expect(complaints).toEqual([]);
  });

  test("the palette and the help find every action, and say its keys", async () => {
    await using one = await opened("chain");
    const { page, complaints } = one;
    await press(page, "Control+k");
    const palette = page.getByRole("dialog", { name: "Find an action" });
    await palette.waitFor();
    await page.keyboard.type("everything stale");
    expect(await palette.getByRole("option").first().textContent()).toContain("Run everything stale");
    expect(await seriousProblems(page)).toEqual([]);
    await press(page, "Enter");
    await results(page, "answer").getByText("Hello Ada!").first().waitFor();

    await press(page, "Control+k");
    await page.keyboard.type("publish");
    await press(page, "Enter");
    const publish = page.getByRole("dialog", { name: /^Publish/ });
    await publish.waitFor();
    await press(page, "Escape");
    await publish.waitFor({ state: "hidden" });

    await press(page, "j", "?");
    const help = page.getByRole("dialog", { name: "Keys and actions" });
    await help.waitFor();
    expect(await help.getByText("Paste above").count()).toBe(0);
    await help.getByRole("button", { name: "Full" }).click();
    await help.getByText("Paste above").waitFor();
    await help.getByLabel("Find a key or an action").fill("undo");
    await expect.poll(() => help.locator("dt").count()).toBeLessThan(5);
    expect(await seriousProblems(page)).toEqual([]);
    await press(page, "Escape");
    await help.waitFor({ state: "hidden" });

    await press(page, "Control+k");
    await palette.waitFor();
    await page.keyboard.type("open another");
    await press(page, "Enter");
    await page.waitForURL("**/n/other");
    expect(complaints).toEqual([]);
  });

  test("words are found in the whole notebook, shown as they would become, and replaced in one step", async () => {
    await using one = await opened("found");
    const { page, complaints } = one;
    const before = await textOf("found");
    await press(page, "Control+f");
    const panel = page.getByRole("region", { name: "Find and replace" });
    await panel.waitFor();
    await page.keyboard.type("letter");
    await panel.getByText("1 of 2 places").waitFor();
    await press(page, "Tab");
    await page.keyboard.type("note");
    expect(await panel.locator(".hit-line").allTextContents()).toEqual([
      expect.stringContaining("template letternote"),
      expect.stringContaining("{{ letternote }}"),
    ]);
    await press(page, "Control+Enter");
    await page.locator('[data-block="note"]').waitFor();
    await expect.poll(() => textOf("found")).toBe(before.replaceAll("letter", "note"));

    await panel.getByLabel("A regular expression").press("Enter");
    await panel.getByLabel("Find", { exact: true }).fill("(Some) (words)");
    await panel.getByLabel("Replace by").fill("$2 $1");
    expect(await panel.locator("ins").textContent()).toBe("words Some");
    await panel.getByLabel("Find", { exact: true }).fill("(");
    await panel.getByText("Unterminated group").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await press(page, "Escape");
    await panel.waitFor({ state: "hidden" });
    await press(page, "j", "z");
    await expect.poll(() => textOf("found")).toBe(before);
    expect(complaints).toEqual([]);
  });

  test("text is written, folded away by its heading and found again in the outline", async () => {
    await using one = await opened("chain");
    const { page, complaints } = one;
    await press(page, "g", "g", "j", "j", "j");
    await expect.poll(() => selected(page)).toBe("prose:letter");
    await press(page, "Enter");
    await page.getByLabel("Text in Markdown").waitFor();
    await expect.poll(() => page.evaluate(`document.activeElement.tagName`)).toBe("TEXTAREA");
    await press(page, "Control+End");
    await page.keyboard.type(" And more.");
    await press(page, "Escape");
    await page.getByText("Some words between. And more.").waitFor();
    await expect.poll(() => textOf("chain")).toContain("And more.");

    await press(page, "ArrowLeft");
    await expect.poll(() => page.locator('[data-block="answer"]').count()).toBe(0);
    await expect.poll(() => page.getByText("Some words between.").isVisible()).toBe(false);
    await press(page, "g", "o");
    await expect.poll(() => page.evaluate(`document.activeElement.textContent`)).toContain("First part");
    await press(page, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "Enter");
    await expect.poll(() => selected(page)).toBe("answer");
    await page.getByText("Some words between.").waitFor();
    expect(complaints).toEqual([]);
  });
});
