import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openWorkbench, type OpenedPage, type Workbench } from "./open-workbench.ts";
import { bigSheet, columns, sheetOnPage, type SheetOnPage } from "./sheet-on-page.ts";

/** Its texts are wider than their column's name. */
const wordy = bigSheet.replace("|| range as text", "|| range || ' of somebody who waits for a card' as text");

/** Few rows without a key, so that each is known by what is read of it. */
const keyless = wordy.replace("range(10000)", "range(12)").replace("key: id\n", "");

let workbench: Workbench;
let opened: OpenedPage;
let page: Page;
let sheet: SheetOnPage;

beforeAll(async () => {
  workbench = await openWorkbench({ big: wordy, unread: wordy, arranged: wordy, redrawn: wordy, keyless });
}, 60_000);
afterAll(() => workbench[Symbol.asyncDispose]());

/** Whether what is asked about is changed under questions that are on their way: these are refused. */
let changes = false;
beforeEach(async () => {
  changes = false;
  opened = await workbench.open("/");
  page = opened.page;
  sheet = sheetOnPage(page);
  await page.addInitScript(watching);
});
afterEach(async () => {
  expect(opened.complaints.filter((complaint) => !changes || !/\b400\b/.test(complaint))).toEqual([]);
  await opened[Symbol.asyncDispose]();
});

/** Keeps what `seenOf` gives of every frame where it is another than that of the frame before, and all that is moved of a sheet. */
const watching = `
  const pictures = { document: [], full: [], items: [] };
  const moved = [];
  const box = (element) => { const { left, top, width } = element.getBoundingClientRect(); return [Math.round(left), Math.round(top), Math.round(width)]; };
  const keep = (list, now) => { if (now.length > 0 && JSON.stringify(list.at(-1)) !== JSON.stringify(now)) list.push(now); };
  const frame = () => {
    const heads = [...document.querySelectorAll(".sheet-row.head > [role=columnheader]")];
    const start = heads.length === 0 ? 0 : heads[0].getBoundingClientRect().left;
    keep(document.querySelector(".sheet.full") === null ? pictures.document : pictures.full, heads.map((head) => [head.getAttribute("aria-label"), box(head)[0] - Math.round(start), box(head)[2]]));
    const items = [...document.querySelectorAll("[role=menu] [role=menuitem]")];
    keep(pictures.items, items.map((item) => [item.firstChild.textContent, box(item)[1], item === document.activeElement]));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries())
      for (const { node } of sources)
        if (node?.parentElement?.closest(".sheet") != null) moved.push(node.className || node.textContent);
  }).observe({ type: "layout-shift", buffered: true });
  window.watched = { pictures, moved, };
`;
type Heads = readonly (readonly [string | null, number, number])[];
const heads = (where: "document" | "full") => page.evaluate<readonly Heads[]>(`watched.pictures.${where}`);
const items = () =>
  page.evaluate<readonly (readonly (readonly [string, number, boolean])[])[]>("watched.pictures.items");
const moved = () => page.evaluate<readonly string[]>("watched.moved");
const focused = () => page.evaluate<string>("document.activeElement.firstChild?.textContent ?? ''");
/** Until everything that comes by itself has come. */
const settled = async (): Promise<void> => {
  await sheet.cell(1, columns.text).filter({ hasText: "Message 0" }).waitFor();
  await page.locator(".sheet-header .sheet-histogram i").first().waitFor({ state: "attached" });
};

describe("a sheet that opens", { timeout: 60_000 }, () => {
  test("has its columns where they stay from the first time they are seen, though its rows were never read before", async () => {
    await page.goto(`${workbench.address}/n/unread?sheet=rows`);
    await settled();
    const all = await heads("full");
    expect(all).toHaveLength(1);
    expect(all[0]!.map(([label]) => label)).toEqual([
      null,
      "id, number",
      "text, string",
      "category, string",
      "topic, plain, prompt",
      "topic, loud, prompt",
      "correct, plain, score",
      "correct, loud, score",
    ]);
    expect(await moved()).toEqual([]);
  });

  test("is drawn over the whole page as it was in the document, and nothing in either moves", async () => {
    await page.goto(`${workbench.address}/n/big`);
    await settled();
    const before = await heads("document");
    expect(before).toHaveLength(1);
    expect(await moved()).toEqual([]);
    await page.getByRole("link", { name: "rows over the whole page" }).click();
    await page.locator(".sheet.full").waitFor();
    await settled();
    const [first, ...others] = await heads("full");
    expect(others).toEqual([]);
    expect(first!.slice(0, before[0]!.length)).toEqual(before[0]);
    expect(await moved()).toEqual([]);
    await page.reload();
    await settled();
    expect(await heads("full")).toEqual([first]);
  });
});

describe("the keyboard in a sheet", { timeout: 60_000 }, () => {
  beforeEach(async () => {
    await page.goto(`${workbench.address}/n/big?sheet=rows`);
    await settled();
  });

  test("opens a column's menu at its first line, which stays where it is while counts and prices come", async () => {
    await sheet.cell(1, columns.plain).click();
    await sheet.press("Alt+ArrowDown");
    await expect.poll(() => page.getByRole("menuitem", { name: /^Run all/ }).textContent()).toContain("10,000 · free");
    const [, ...later] = [
      ...new Set((await items()).map((all) => JSON.stringify(all.map(([label, top]) => [label, top])))),
    ];
    expect(later).toEqual([]);
    await expect.poll(focused).toBe("Run first 5");
    const lines = (await items()).at(-1)!.map(([label]) => label);
    expect(lines.slice(0, 7)).toEqual([
      "Run first 5",
      "Run first 20",
      "Run selection",
      "Run empty",
      "Run failed",
      "Run stale",
      "Run all",
    ]);
    await sheet.press("Escape");
    await expect.poll(sheet.active).toBe(`1:${columns.plain}`);
  });

  test("is heard by the menu that a key has opened, however soon one types on", async () => {
    await sheet.cell(1, columns.id).click();
    await sheet.press("Alt+ArrowDown", "ArrowDown", "Enter");
    await page.getByText("sorted by id ↓").waitFor();
    await expect.poll(() => sheet.cell(1, columns.text).textContent()).toContain("Message 9999 ");
    await expect.poll(sheet.active).toBe(`1:${columns.id}`);
    await sheet.press("ArrowUp");
    await sheet.press("Enter", "h", "Enter");
    await expect.poll(() => page.getByRole("columnheader", { name: "id, number" }).count()).toBe(0);
    expect(await page.getByRole("menu").count()).toBe(0);
  });

  test("keeps the focus on its active cell where that is drawn anew, and leaves the other columns as they are", async () => {
    changes = true;
    const file = join(workbench.folder, "notebooks", "redrawn.md");
    await writeFile(file, wordy);
    await page.goto(`${workbench.address}/n/redrawn?sheet=rows`);
    await page.getByRole("columnheader", { name: /^correct, loud/ }).waitFor({ state: "attached" });
    await sheet.cell(1, columns.text).filter({ hasText: "Message 0" }).waitFor();
    await page.evaluate(`for (const cell of document.querySelectorAll("[role=gridcell]")) cell.isAsItWas = true`);
    await sheet.cell(1, columns.plain).click();
    await expect.poll(sheet.active).toBe(`1:${columns.plain}`);
    // A column that nothing judges is another column.
    await writeFile(file, wordy.replace(/```score.*?```\n\n/s, ""));
    const isAsItWas = (column: number) => sheet.cell(1, column).evaluate((cell) => "isAsItWas" in cell);
    await expect.poll(() => isAsItWas(columns.plain)).toBe(false);
    expect(await sheet.active()).toBe(`1:${columns.plain}`);
    expect(await isAsItWas(columns.text)).toBe(true);
    await sheet.press("ArrowDown");
    await expect.poll(sheet.active).toBe(`2:${columns.plain}`);
  });

  test("leaves a menu's focus on the line that has it, however late the menu takes it", async () => {
    await page.goto(`${workbench.address}/n/big?sheet=rows`);
    await sheet.cell(1, columns.plain).click();
    // On a busy machine there are frames between what was to be done at once.
    await page.evaluate(`{
      const real = window.setTimeout;
      let count = 0;
      window.setTimeout = (work, ms = 0, ...rest) => real(work, ms > 1 ? ms : (count += 100), ...rest);
    }`);
    const focused = (): Promise<string> =>
      page.evaluate<string>("document.activeElement.role + ' ' + document.activeElement.textContent");
    await sheet.press("Alt+ArrowDown");
    await expect.poll(focused).toMatch(/^menuitem Run first 5/);
    await page.waitForTimeout(1_000);
    expect(await focused()).toMatch(/^menuitem Run first 5/);
    // The browser tells of a pointer at rest where lines move away from under it.
    await page.evaluate(`{
      const at = { pointerType: "mouse", clientX: 5, clientY: 5 };
      for (const line of document.querySelectorAll("[role=menuitem]")) line.dispatchEvent(new PointerEvent("pointerleave", at));
    }`);
    expect(await focused()).toMatch(/^menuitem Run first 5/);
  });

  test("puts filters together, changes them and takes them away, and never loses its place", async () => {
    const adds = page.getByRole("button", { name: "+ filter" });
    await adds.focus();
    await sheet.press("Enter");
    const form = page.getByRole("dialog", { name: "Filter" });
    const isAtColumn = () => form.getByLabel("Column").evaluate((field) => field.matches(":focus"));
    await expect.poll(isAtColumn).toBe(true);
    await sheet.type("cat");
    await sheet.press("Tab");
    await sheet.type("is one");
    await sheet.press("Tab");
    await sheet.type("card, nothing");
    await sheet.press("Tab");
    expect(await focused()).toBe("Add filter");
    // All the way round, both ways.
    await sheet.press("Tab");
    expect(await isAtColumn()).toBe(true);
    await sheet.press("Shift+Tab", "Enter");
    const pill = page.getByRole("button", { name: "category is one of card or nothing", exact: true });
    await pill.waitFor();
    await expect.poll(() => sheet.footer().textContent()).toContain("2,500 of 10,000 rows");
    await expect.poll(focused).toBe("+ filter");
    await sheet.press("Enter");
    await form.waitFor();
    await sheet.press("Escape");
    await expect.poll(() => form.count()).toBe(0);
    await expect.poll(focused).toBe("+ filter");

    await pill.focus();
    await sheet.press("Enter");
    await expect.poll(isAtColumn).toBe(true);
    await sheet.press("Tab", "Home", "Tab", "Control+a");
    await sheet.type("money");
    await sheet.press("Enter");
    await expect.poll(() => sheet.footer().textContent()).toContain("7,500 of 10,000 rows");
    await expect.poll(focused).toBe("category is money");
    await sheet.press("Enter");
    await expect.poll(isAtColumn).toBe(true);
    await sheet.press("Tab", "Tab", "Tab");
    await expect.poll(focused).toBe("Remove");
    await sheet.press("Enter");
    await expect.poll(() => sheet.footer().textContent()).toMatch(/^10,000 rows/);
    await expect.poll(focused).toBe("+ filter");
  });
});

describe("a sheet of which rows cannot be read", { timeout: 60_000 }, () => {
  test("stays where it is under what is wrong, and has its rows once they can be", async () => {
    await page.goto(`${workbench.address}/n/big?sheet=rows`);
    await settled();
    await sheet.grid().evaluate((grid) => grid.setAttribute("data-same", ""));
    const problem = { code: "tables.gone", message: "the tables are gone" };
    await page.route(/sheet\.rows/, (route) =>
      route.fulfill({ json: { error: { message: "no", code: -32603, data: { problem } } } }),
    );
    await page.evaluate("document.querySelector('[role=grid]').scrollTop = 100000");
    await page.getByText("The tables are gone").waitFor();
    const scrolled = () => page.evaluate<number>("document.querySelector('[role=grid][data-same]')?.scrollTop ?? -1");
    expect(await scrolled()).toBe(100_000);
    await page.unroute(/sheet\.rows/);
    await expect.poll(() => page.getByText("The tables are gone").count()).toBe(0);
    await sheet
      .grid()
      .getByText(/^Message 3\d\d\d of/)
      .first()
      .waitFor();
    expect(await scrolled()).toBe(100_000);
  });
});

describe("what stands about a sheet", { timeout: 60_000 }, () => {
  test("names a row by its number, and calls to run only where something is to be run", async () => {
    await page.goto(`${workbench.address}/n/keyless?sheet=rows`);
    await settled();
    const run = page.getByRole("button", { name: /^Run stale/ });
    const calls = () => run.evaluate((button) => button.classList.contains("primary"));
    await expect.poll(calls).toBe(true);
    await run.click();
    await expect.poll(() => sheet.cell(12, columns.loud).textContent()).toContain("MESSAGE 11");
    await expect.poll(calls).toBe(false);
    await sheet.cell(12, columns.plain).click();
    await sheet.press("Control+i");
    const what = page.locator(".inspector-what");
    await expect.poll(() => what.innerText()).toContain("row 12 · plain");
    await page.getByRole("tab", { name: "Result" }).click();
    expect(await what.innerText()).toContain("row 12 · plain");
    // Where it is no longer among the rows in sight it is the same row.
    await page.getByPlaceholder("Search rows").fill("essage 3 of");
    await expect.poll(() => sheet.footer().textContent()).toContain("1 of 12 rows");
    expect(await what.innerText()).toMatch(/row (?:4|12) · plain/);
  });
});

describe("what is arranged of a sheet", { timeout: 60_000 }, () => {
  test("follows a cell and the sheet to other names, and back where that is undone", async () => {
    changes = true;
    await page.goto(`${workbench.address}/n/arranged?sheet=rows`);
    await settled();
    await sheet.cell(1, columns.loud).click();
    await sheet.press("Alt+ArrowDown");
    await expect.poll(focused).toBe("Run first 5");
    await page.getByRole("menuitem", { name: "Hide column" }).press("Enter");
    await page.getByRole("button", { name: "1 hidden" }).waitFor();
    await sheet.cell(1, columns.plain).click();
    await sheet.press("Alt+ArrowDown");
    await expect.poll(focused).toBe("Run first 5");
    await page.getByRole("menuitem", { name: "Sort descending" }).press("Enter");
    await page.getByText("sorted by topic [plain] ↓").waitFor();
    await page.getByRole("link", { name: "Back to the document" }).click();
    const shown = page.locator(".sheet-pills");
    await shown.getByText("sorted by topic [plain] ↓").waitFor();

    await rename("topic", "subject");
    await shown.getByText("sorted by subject [plain] ↓").waitFor();
    await shown.getByRole("button", { name: "1 hidden" }).waitFor();
    await rename("rows", "lines");
    await page.getByRole("grid", { name: "Rows of lines" }).waitFor();
    await shown.getByText("sorted by subject [plain] ↓").waitFor();
    await page.goto(`${workbench.address}/n/arranged?sheet=lines`);
    await settled();
    await shown.getByText("sorted by subject [plain] ↓").waitFor();
    await shown.getByRole("button", { name: "1 hidden" }).waitFor();
    expect(await page.getByRole("columnheader", { name: /^subject, loud/ }).count()).toBe(0);

    await page.getByRole("link", { name: "Back to the document" }).click();
    await rename("subject", "theme");
    await shown.getByText("sorted by theme [plain] ↓").waitFor();
    await page.keyboard.press("z");
    await shown.getByText("sorted by subject [plain] ↓").waitFor();
    await shown.getByRole("button", { name: "1 hidden" }).waitFor();
  });
});

/** Gives a cell of the document another name. */
async function rename(cell: string, to: string): Promise<void> {
  await page.locator(`[data-block="${cell}"] .cell-name`).first().dblclick();
  const field = page.getByRole("textbox", { name: `Name of ${cell}` });
  await field.fill(to);
  await field.press("Enter");
  await page.locator(`[data-block="${to}"]`).first().waitFor();
}
