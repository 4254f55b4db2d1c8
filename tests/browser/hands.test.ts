import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorkbench, seriousProblems, type OpenedPage, type Workbench } from "./open-workbench.ts";

const blocks = `---
sheaf: 1
title: Blocks
inputs:
  name: { type: string, default: Ada }
  age: { type: number, description: In years. }
  likes: { type: json, default: [tea] }
---

# Blocks

\`\`\`template one
{{ name }}
\`\`\`

\`\`\`template two
{{ one }} is {{ age }}
\`\`\`

\`\`\`template three
{{ nobody }}
\`\`\`

\`\`\`agent later
goal: to come
\`\`\`
`;

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({
    blocks,
    moved: blocks,
    typed: blocks,
    named: blocks,
  });
}, 60_000);
afterAll(() => workbench[Symbol.asyncDispose]());

async function opened(name: string): Promise<OpenedPage> {
  const page = await workbench.open(`/n/${name}`);
  await page.page.waitForSelector("[data-listens]");
  return page;
}
const block = (page: Page, name: string) => page.locator(`[data-block="${name}"]`);
const order = (page: Page): Promise<readonly string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll(".document [data-block]")].map((each) => each.dataset.block)`);

describe("a notebook from outside", { timeout: 60_000 }, () => {
  test("runs nothing until it is trusted, which is one click", async () => {
    await writeFile(join(workbench.folder, "notebooks", "stranger.md"), blocks.replace("Blocks", "A stranger"));
    await using one = await opened("stranger");
    const { page, complaints } = one;
    const bar = page.getByRole("region", { name: "Trust" });
    await bar.waitFor();
    await page.waitForLoadState("networkidle");
    expect(await block(page, "one").getByText("never run").count()).toBeGreaterThan(0);
    expect(await page.getByRole("button", { name: "Run stale" }).isDisabled()).toBe(true);
    expect(await seriousProblems(page)).toEqual([]);
    await bar.getByRole("button", { name: "Trust this notebook" }).click();
    await block(page, "one").getByText("current").first().waitFor();
    expect(await bar.count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe("blocks", { timeout: 60_000 }, () => {
  test("are dragged to another place, put in between, and menus say what can be done with them", async () => {
    await using one = await opened("moved");
    const { page, complaints } = one;
    await block(page, "two").hover();
    const handle = page.locator('.block:has(> [data-block="two"]) .drag-handle');
    const from = (await handle.boundingBox())!;
    const to = (await block(page, "one").boundingBox())!;
    await page.mouse.move(from.x + 8, from.y + 8);
    await page.mouse.down();
    // What drags is loaded when a pointer goes down.
    await expect
      .poll(async () => {
        await page.mouse.move(to.x, to.y + 12);
        await page.mouse.move(to.x, to.y + 4, { steps: 6 });
        return page.locator(".drop-line").count();
      })
      .toBeGreaterThan(0);
    await page.mouse.up();
    await expect.poll(() => order(page)).toEqual(["prose:", "two", "one", "three", "later"]);

    await block(page, "one").hover();
    await page.getByRole("button", { name: "Menu of one" }).click();
    await page.getByRole("menuitem", { name: "Duplicate" }).click();
    await expect.poll(() => order(page)).toEqual(["prose:", "two", "one", "one_2", "three", "later"]);
    await page.locator('.block:has(> [data-block="one_2"]) .insert-bar:not(.above) button').click();
    await page.getByRole("menuitem", { name: /^Text/ }).click();
    await expect.poll(() => order(page)).toContain("prose:one_2");
    await expect.poll(() => page.getByRole("menu").count()).toBe(0);
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("keep the name that is being typed where the one before is answered late", async () => {
    await using one = await opened("named");
    const { page, complaints } = one;
    const { promise: held, resolve: answer } = Promise.withResolvers<void>();
    await page.route(/notebook\.edit/, async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    });
    const field = (name: string) => page.getByRole("textbox", { name: `Name of ${name}` });
    await block(page, "one").locator(".cell-name").dblclick();
    await field("one").fill("first");
    await field("one").press("Enter");
    await block(page, "first").waitFor();
    await block(page, "two").locator(".cell-name").dblclick();
    await field("two").fill("sec");
    const answered = page.waitForResponse(/notebook\.edit/);
    answer();
    await answered;
    await page.waitForLoadState("networkidle");
    await page.keyboard.type("ond");
    await page.keyboard.press("Enter");
    await block(page, "second").waitFor();
    expect(complaints).toEqual([]);
  });

  test("of an unknown kind are kept and say why they are blocked", async () => {
    await using one = await opened("blocks");
    await block(one.page, "later").getByText("kept; blocked because no kind is called agent").waitFor();
    expect(await readFile(join(workbench.folder, "notebooks", "blocks.md"), "utf8")).toContain("goal: to come");
  });
});

describe("inputs", { timeout: 60_000 }, () => {
  test("say what is required and what is wrong in their place, and run what reads them", async () => {
    await using one = await opened("blocks");
    const { page, complaints } = one;
    const form = page.getByRole("form", { name: "Inputs" });
    await form.getByText("required").waitFor();
    await form.getByText("In years.").waitFor();
    const age = form.getByRole("textbox", { name: /^age/ });
    await age.fill("old");
    await age.press("Enter");
    await form.getByText("This is no number").waitFor();
    await age.fill("36");
    await age.press("Enter");
    await block(page, "two").getByText("Ada is 36").first().waitFor();
    expect(await form.getByText("This is no number").count()).toBe(0);
    const likes = form.getByRole("textbox", { name: "likes" });
    await likes.fill('["tea", ');
    await form.getByText("This is no JSON (line 1, column 9)").waitFor();
    await likes.fill('["tea", "cake"]');
    await likes.blur();
    await expect.poll(() => form.getByText("This is no JSON").count()).toBe(0);
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("keep the focus, what is typed and what is wrong with it while the notebook changes", async () => {
    await using one = await opened("typed");
    const { page, complaints } = one;
    const form = page.getByRole("form", { name: "Inputs" });
    await form.getByRole("textbox", { name: /^age/ }).fill("old");
    await page.keyboard.press("Tab");
    await form.getByText("This is no number").waitFor();
    const name = form.getByRole("textbox", { name: "name" });
    await name.press("End");
    await page.keyboard.type(" Love");
    const file = join(workbench.folder, "notebooks", "typed.md");
    await writeFile(file, (await readFile(file, "utf8")).replace("# Blocks", "# Others"));
    await page.getByRole("heading", { name: "Others" }).waitFor();
    await page.keyboard.type("lace");
    expect(await name.inputValue()).toBe("Ada Lovelace");
    expect(await form.getByRole("textbox", { name: /^age/ }).inputValue()).toBe("old");
    expect(await form.getByText("This is no number").count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test("are kept as cases, taken again, renamed and deleted", async () => {
    await using one = await opened("blocks");
    const { page, complaints } = one;
    const form = page.getByRole("form", { name: "Inputs" });
    const name = form.getByRole("textbox", { name: "name" });
    await name.fill("Grace");
    await name.press("Enter");
    await block(page, "one").getByText("Grace").first().waitFor();
    await form.getByRole("button", { name: "+ keep as a case" }).click();
    await page.getByLabel("Name of the case").fill("an admiral");
    await page.keyboard.press("Enter");
    await form.getByRole("button", { name: "an admiral", exact: true, pressed: true }).waitFor();
    await name.fill("Bo");
    await name.press("Enter");
    await form.getByRole("button", { name: "an admiral", exact: true, pressed: false }).click();
    await block(page, "one").getByText("Grace").first().waitFor();
    await expect.poll(() => name.inputValue()).toBe("Grace");

    await form.getByRole("button", { name: "Change the case an admiral" }).click();
    await page.getByRole("menuitem", { name: "Rename …" }).click();
    await page.getByLabel("Name of the case").fill("Grace");
    await page.keyboard.press("Enter");
    await form.getByRole("button", { name: "Grace", exact: true }).waitFor();
    const notes = join(workbench.folder, "notebooks", "blocks.notes.jsonl");
    await expect.poll(async () => (await readFile(notes, "utf8")).trimEnd().split("\n")).toHaveLength(3);
    await form.getByRole("button", { name: "Change the case Grace" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => form.getByRole("button", { name: "Grace", exact: true }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe("what is wrong", { timeout: 60_000 }, () => {
  test("is counted above and listed, and choosing it goes there", async () => {
    await using one = await opened("blocks");
    const { page, complaints } = one;
    await page.getByRole("button", { name: /\d error/ }).click();
    const panel = page.getByRole("region", { name: "Problems" });
    await panel
      .getByRole("button", { name: /nobody/ })
      .first()
      .click();
    await expect.poll(() => page.evaluate(`document.activeElement.dataset.block`)).toBe("three");
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

test(
  "a notebook is renamed, downloaded, duplicated and deleted from its page, and put back",
  { timeout: 60_000 },
  async () => {
    await writeFile(join(workbench.folder, "notebooks", "short.md"), blocks.replace("Blocks", "Short"));
    await using one = await opened("short");
    const { page, complaints } = one;
    const choose = async (name: string): Promise<void> => {
      await page.getByRole("button", { name: "More for this page" }).click();
      await page.getByRole("menuitem", { name }).click();
    };
    await page.getByRole("button", { name: "Short: change the title" }).click();
    await page.getByLabel("Title of the notebook").fill("Shorter");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Shorter: change the title" }).waitFor();
    await expect.poll(() => page.title()).toBe("Shorter — Sheaf");

    const [download] = await Promise.all([page.waitForEvent("download"), choose("Download as Markdown")]);
    expect(download.suggestedFilename()).toBe("short.md");
    expect(await readFile(await download.path(), "utf8")).toContain("title: Shorter");

    await choose("Rename the file …");
    await page.getByLabel("Path below notebooks/").fill("folder/shorter.md");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/n/folder/shorter");
    await page.waitForSelector("[data-listens]");
    await choose("Duplicate the notebook");
    await page.waitForURL("**/n/shorter-copy");
    await page.waitForSelector("[data-listens]");
    await page.waitForLoadState("networkidle");
    await choose("Delete the notebook …");
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Shorter copy" }).waitFor();
    // What it would cost may still be asked for while it goes.
    expect(complaints.filter((text) => !/notebook\.estimate|status of 400/.test(text))).toEqual([]);
  },
);
