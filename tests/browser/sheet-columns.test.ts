import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openWorkbench, seriousProblems, type OpenedPage, type Workbench } from "./open-workbench.ts";
import { bigSheet, columns, sheetOnPage, type SheetOnPage } from "./sheet-on-page.ts";

let workbench: Workbench;
let opened: OpenedPage;
let page: Page;
let sheet: SheetOnPage;

beforeAll(async () => {
  workbench = await openWorkbench({ big: bigSheet });
}, 60_000);
afterAll(() => workbench[Symbol.asyncDispose]());

beforeEach(async () => {
  opened = await workbench.open("/n/big?sheet=rows");
  page = opened.page;
  sheet = sheetOnPage(page);
  await sheet.cell(1, columns.text).filter({ hasText: "Message 0" }).waitFor();
});
afterEach(async () => {
  expect(opened.complaints).toEqual([]);
  await opened[Symbol.asyncDispose]();
});

const textOf = async (row: number, column: number): Promise<string | null> => sheet.cell(row, column).textContent();
/** Opens the menu of a column by the keyboard, from the first row. */
const openMenu = async (column: number): Promise<void> => {
  await sheet.cell(1, column).click();
  await sheet.press("Alt+ArrowDown");
  await expect.poll(() => page.evaluate("document.activeElement.getAttribute('role')")).toBe("menuitem");
};

describe("columns of a sheet", { timeout: 60_000 }, () => {
  test("are run from their menu, which says how many results each choice is and what it costs", async () => {
    await openMenu(columns.plain);
    const first = page.getByRole("menuitem", { name: /^Run first 5/ });
    await expect.poll(() => first.textContent()).toBe("Run first 55 · free");
    await expect.poll(() => page.getByRole("menuitem", { name: /^Run all/ }).textContent()).toContain("10,000 · free");
    const failed = page.getByRole("menuitem", { name: /^Run failed/ });
    expect(await failed.getAttribute("aria-disabled")).toBe("true");
    await first.press("Enter");
    await expect.poll(() => textOf(5, columns.plain)).toContain("Message 4");
    expect(await textOf(6, columns.plain)).toBe("");
    expect(await textOf(1, columns.loud)).toBe("");
    await expect.poll(sheet.active).toBe(`1:${columns.plain}`);
    // Those beside them come of a selection, and the next of filling.
    await sheet.cell(1, columns.loud).click();
    await sheet.press("Shift+ArrowDown", "Control+Enter");
    await expect.poll(() => textOf(2, columns.loud)).toContain("MESSAGE 1");
    await sheet.press("Shift+ArrowDown", "Control+d");
    await expect.poll(() => textOf(3, columns.loud)).toContain("MESSAGE 2");
  });

  test("take values by hand, which are locked and taken back", async () => {
    await sheet.cell(1, columns.plain).click();
    await sheet.press("Enter", "Control+a");
    await sheet.type("By hand");
    await sheet.press("Enter");
    await expect.poll(() => textOf(1, columns.plain)).toBe("By hand (edited by hand)");
    await sheet.cell(1, columns.plain).click();
    await sheet.press("Delete");
    await expect.poll(() => textOf(1, columns.plain)).toContain("Message 0");
    await sheet.cell(2, columns.plain).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Lock values", exact: true }).click();
    await expect.poll(() => textOf(2, columns.plain)).toBe("Message 1 (locked)");
    await expect.poll(sheet.active).toBe(`2:${columns.plain}`);
    await sheet.press("Control+z");
    await expect.poll(() => textOf(2, columns.plain)).not.toContain("locked");
  });

  test("are filtered in words, sorted by a click, pinned, hidden, and stay so when one comes back", async () => {
    await page.getByRole("button", { name: "+ filter" }).click();
    await page.getByLabel("Column").selectOption({ label: "category" });
    await page.getByLabel("Value").fill("card");
    await sheet.press("Enter");
    await page.getByRole("button", { name: "category is card", exact: true }).waitFor();
    await expect.poll(() => sheet.footer().textContent()).toContain("2,500 of 10,000 rows");
    await expect.poll(() => textOf(2, columns.text)).toBe("Message 4");
    await page.getByRole("columnheader", { name: "id, number" }).click();
    await page.getByRole("columnheader", { name: "id, number" }).click();
    await expect.poll(() => textOf(1, columns.text)).toBe("Message 9996");
    await page.getByText("sorted by id ↓").waitFor();
    await openMenu(columns.category);
    await page.getByRole("menuitem", { name: "Hide column" }).press("Enter");
    await expect.poll(() => page.getByRole("columnheader", { name: "category, string" }).count()).toBe(0);
    await openMenu(columns.text);
    await page.getByRole("menuitem", { name: "Pin column" }).press("Enter");
    const heads = sheet.grid().getByRole("columnheader");
    await expect.poll(() => heads.nth(1).getAttribute("aria-label")).toBe("text, string");
    await page.reload();
    await expect.poll(() => textOf(1, 1)).toBe("Message 9996");
    await page.getByPlaceholder("Search rows").fill("essage 123");
    // 1232 and 1236 are about cards.
    await expect.poll(() => sheet.footer().textContent()).toContain("2 of 10,000 rows");
    await page.getByPlaceholder("Search rows").fill("no such thing");
    await page.getByText("No row fits.").waitFor();
    await page.getByRole("button", { name: "Show all rows" }).click();
    await expect.poll(() => sheet.footer().textContent()).toMatch(/^10,000 rows/);
    expect(await page.getByPlaceholder("Search rows").inputValue()).toBe("");
  });

  test("can be chosen for a filter that was of all variants of a cell", async () => {
    await page.getByRole("button", { name: "differences only" }).click();
    await page.getByRole("button", { name: "topic differs", exact: true }).click();
    const column = page.getByLabel("Column");
    await expect.poll(() => column.locator("option:checked").textContent()).toBe("topic");
    await column.selectOption({ label: "topic · plain" });
    await page.getByLabel("Condition").selectOption({ label: "contains" });
    await page.getByLabel("Value").fill("Message");
    await column.selectOption({ label: "topic" });
    await column.selectOption({ label: "topic · plain" });
    await sheet.press("Tab", "Tab", "Enter");
    await page.getByRole("button", { name: "topic [plain] contains “Message”", exact: true }).waitFor();
  });

  test("are summed up over the rows in view, those that are selected and scores out of sight", async () => {
    await openMenu(columns.plainCorrect);
    await page.getByRole("menuitem", { name: /^Run first 20/ }).press("Enter");
    await expect.poll(() => sheet.footer().textContent()).toMatch(/correct plain 100\.0 %.* n 20 of 10000/);
    await sheet.cell(1, columns.id).click();
    await page.setViewportSize({ width: 620, height: 900 });
    const score = page.getByRole("columnheader", { name: /^correct, plain/ });
    await expect.poll(() => score.count()).toBe(0);
    await page.getByPlaceholder("Search rows").fill("essage 1");
    // 1, and 10 to 19.
    await expect.poll(() => sheet.footer().textContent()).toMatch(/correct plain 100\.0 %.* n 11 of 1111/);
    await page.getByPlaceholder("Search rows").fill("");
    await expect.poll(() => textOf(2, columns.text)).toBe("Message 1");
    await sheet.cell(2, columns.id).click();
    await sheet.press("Shift+ArrowDown", "Shift+ArrowRight");
    await expect.poll(() => sheet.footer().textContent()).toContain("sum 3");
    await page.getByRole("columnheader", { name: "id, number" }).hover();
    await page.getByRole("button", { name: "Menu of id, number" }).click();
    await page.getByRole("menuitem", { name: "Hide column" }).click();
    await expect.poll(() => page.getByRole("columnheader", { name: "id, number" }).count()).toBe(0);
    await expect.poll(() => sheet.footer().textContent()).not.toContain("sum");
    expect(await sheet.footer().textContent()).toContain("selected 4");
  });

  test("are all in the whole of a row, also those that are hidden", async () => {
    await openMenu(columns.plain);
    await page.getByRole("menuitem", { name: /^Run first 5/ }).press("Enter");
    await expect.poll(() => textOf(2, columns.plain)).toContain("Message 1");
    for (const [column, name] of [
      [columns.review, "review"],
      [columns.loudCorrect, "correct, loud"],
      [columns.plainCorrect, "correct, plain"],
      [columns.loud, "topic, loud"],
      [columns.plain, "topic, plain"],
      [columns.category, "category"],
    ] as const) {
      await openMenu(column);
      await page.getByRole("menuitem", { name: "Hide column" }).press("Enter");
      await expect.poll(() => page.getByRole("columnheader", { name: new RegExp(`^${name}`) }).count()).toBe(0);
    }
    await sheet.cell(2, columns.text).click();
    await sheet.press("Control+i");
    const whole = page.getByRole("complementary", { name: "Inspector" }).locator(".row-detail");
    await expect.poll(() => whole.locator("dl").textContent()).toContain("money");
    const topic = whole.locator(".row-detail-cell").filter({ hasText: "topic" });
    await expect.poll(() => topic.locator(".row-detail-variant").first().textContent()).toContain("Message 1");
  });

  test("are read in full size row by row, compared by words, and shown with the whole of their row", async () => {
    await openMenu(columns.plain);
    await page.getByRole("menuitem", { name: /^Run first 5/ }).press("Enter");
    await openMenu(columns.loud);
    await page.getByRole("menuitem", { name: /^Run first 5/ }).press("Enter");
    await expect.poll(() => textOf(5, columns.loud)).toContain("MESSAGE 4");
    await sheet.cell(1, columns.plain).click();
    await sheet.press("Space");
    const reader = page.getByRole("dialog");
    await expect.poll(() => reader.textContent()).toContain("1 of 10,000");
    await sheet.press("ArrowRight", "d");
    await expect.poll(() => reader.locator("del").last().textContent()).toContain("Message");
    await expect.poll(() => reader.locator("ins").last().textContent()).toContain("MESSAGE");
    await sheet.press("Escape");
    await expect.poll(sheet.active).toBe(`2:${columns.plain}`);
    await sheet.press("Control+i");
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await expect.poll(() => inspector.textContent()).toContain("row 2");
    expect(await inspector.textContent()).toContain("MESSAGE 1");
    expect(await inspector.getByRole("tab", { name: "Row" }).getAttribute("aria-selected")).toBe("true");
    await inspector.getByRole("button", { name: "Open as inputs" }).click();
    await page.getByText("The inputs are those of row 2.").waitFor();
  });

  test("come to the document and back, are downloaded as a file, and axe finds nothing serious", async () => {
    expect(await seriousProblems(page)).toEqual([]);
    await openMenu(columns.plain);
    expect(await seriousProblems(page, "[role=menu]")).toEqual([]);
    await sheet.press("Escape");
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Export these rows" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "JSON lines" }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
    expect(lines).toHaveLength(10_000);
    await page.getByRole("link", { name: "Back to the document" }).click();
    await page.getByRole("link", { name: "rows over the whole page" }).click();
    await expect.poll(() => textOf(1, columns.text)).toBe("Message 0");
  });
});
