import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openWorkbench, type OpenedPage, type Workbench } from "./open-workbench.ts";
import { scrollThrough, watchRowReads } from "./scroll-through.ts";
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

describe("a sheet of 10,000 rows", { timeout: 60_000 }, () => {
  test("is scrolled to its end and back: what is seen is read at once and only once, and is there as soon as two pages can be read and painted a few times over", async () => {
    expect(await sheet.grid().getAttribute("aria-rowcount")).toBe("10001");
    // What a run would cost is worked out once, and is no part of this.
    await page.getByRole("button", { name: "Run stale ≈ 20,000" }).waitFor();
    const { asked, again } = watchRowReads(page);
    const { blank, bare } = await scrollThrough(page, "notebooks/big.md", "rows");
    expect(blank.median).toBeLessThan(Math.max(200, 4 * bare.median));
    expect(blank.longest).toBeLessThan(Math.max(500, 8 * bare.longest));
    // One whose answer was there as it was passed by, and given up in that moment, is read when one comes back.
    expect(again.length).toBeLessThanOrEqual(1);
    // Of each jump what is seen, two blocks the way one goes and one back; of the wheel what it passes.
    expect(asked.length).toBeLessThanOrEqual(9 + 7 * 5);
    expect(asked.length).toBeGreaterThanOrEqual(7);
    await expect.poll(() => sheet.cell(1, columns.text).textContent()).toBe("Message 0");
    await sheet.cell(1, columns.text).click();
    await sheet.press("Control+End");
    await expect.poll(() => sheet.cell(10_000, columns.text).textContent()).toBe("Message 9999");
    expect(await sheet.active()).toBe(`10000:${columns.review}`);
    // However far one is, there are never more rows in the document than are seen and a few more.
    expect(await sheet.grid().locator(".sheet-body > [role=row]").count()).toBeLessThan(60);
    await sheet.press("Control+Home");
    await expect.poll(sheet.active).toBe("1:1");
  });

  test("is gone through and selected by keys alone, and says what the selection comes to", async () => {
    await sheet.cell(1, columns.id).click();
    await sheet.press("ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft");
    expect(await sheet.active()).toBe("3:1");
    await sheet.press("Shift+ArrowDown", "Shift+ArrowDown");
    await expect.poll(() => sheet.footer().textContent()).toContain("selected 3");
    // 2 + 3 + 4
    await expect.poll(() => sheet.footer().textContent()).toMatch(/sum 9.*mean 3/);
    await sheet.press("PageDown");
    expect(Number((await sheet.active()).split(":")[0])).toBeGreaterThan(15);
    await sheet.press("Control+Home", "Control+Space");
    await expect.poll(() => sheet.footer().textContent()).toContain("selected 10,000");
    // Rows that were never in sight are read for it: 0 + 1 + … + 9999.
    await expect.poll(() => sheet.footer().textContent(), { timeout: 15_000 }).toContain("sum 49,995,000");
    await sheet.press("Control+Home", "ArrowUp");
    expect(await sheet.active()).toBe("0:1");
    await sheet.press("Enter");
    await page.getByRole("menuitem", { name: "Sort descending" }).waitFor();
    await sheet.press("Escape");
    await expect.poll(sheet.active).toBe("0:1");
    await sheet.press("ArrowDown", "Escape", "Tab");
    expect(await page.evaluate("document.activeElement.closest('[role=grid]') === null")).toBe(true);
  });

  test("selects the cell that is seen under the pointer, though it was scrolled a moment before", async () => {
    await page.setViewportSize({ width: 800, height: 900 });
    const room = () =>
      page.evaluate(
        "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('[role=grid]'))",
      );
    await expect.poll(room).toBeGreaterThan(200);
    // In one go, before the browser says that it has scrolled.
    const pressed = await page.evaluate<string>(`(() => {
      const grid = document.querySelector("[role=grid]");
      grid.scrollTo(190, 90);
      const box = grid.getBoundingClientRect();
      const [clientX, clientY] = [box.right - 40, box.top + 170];
      const cell = document.elementFromPoint(clientX, clientY).closest("[role=gridcell]");
      const pointer = { bubbles: true, cancelable: true, button: 0, clientX, clientY };
      cell.dispatchEvent(new PointerEvent("pointerdown", pointer));
      cell.dispatchEvent(new PointerEvent("pointerup", pointer));
      return cell.closest("[role=row]").getAttribute("aria-rowindex") - 1 + ":" + (cell.getAttribute("aria-colindex") - 1);
    })()`);
    await expect.poll(sheet.active).toBe(pressed);
  });

  test("takes labels, corrects what is begun, refuses what is none, and takes all back", async () => {
    await sheet.cell(1, columns.review).click();
    await sheet.type("ag");
    await sheet.press("Enter");
    await expect.poll(() => sheet.cell(1, columns.review).textContent()).toBe("agree");
    expect(await sheet.active()).toBe(`2:${columns.review}`);
    await sheet.type("nothing");
    await sheet.press("Enter");
    await page.getByText("is no value of the label review").waitFor();
    // It is in the editor again, also when the message is closed.
    const editor = page.getByRole("textbox", { name: "review, row 2" });
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByText("is no value of the label review").waitFor({ state: "detached" });
    expect(await editor.inputValue()).toBe("nothing");
    // Who has gone to the search by then stays there.
    await page.evaluate(`(() => {
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
      document.querySelector("[placeholder='Search rows']").focus();
    })()`);
    await page.getByText("is no value of the label review").waitFor();
    expect(await page.evaluate("document.activeElement.placeholder")).toBe("Search rows");
    await page.getByRole("button", { name: "Close" }).click();
    await sheet.cell(2, columns.review).click();
    await sheet.press("F2");
    expect(await editor.inputValue()).toBe("nothing");
    await sheet.press("ControlOrMeta+a");
    await sheet.type("wrong");
    await sheet.press("Tab");
    await expect.poll(() => sheet.cell(2, columns.review).textContent()).toBe("wrong");
    await sheet.cell(2, columns.review).click();
    await sheet.press("F2", "Backspace", "Escape");
    expect(await sheet.cell(2, columns.review).textContent()).toBe("wrong");
    await sheet.press("Delete");
    await expect.poll(() => sheet.cell(2, columns.review).textContent()).toBe("");
    await sheet.press("Control+z");
    await expect.poll(() => sheet.cell(2, columns.review).textContent()).toBe("wrong");
    await sheet.press("Control+z", "Control+z");
    await expect.poll(() => sheet.cell(1, columns.review).textContent()).toBe("");
  });

  test("copies to other programs and takes from them, rows and line breaks and all", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await sheet.cell(3, columns.id).click();
    await sheet.press("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown", "Control+c");
    expect(await sheet.clipboard()).toBe("2\tMessage 2\tmoney\n3\tMessage 3\tmoney");
    await page.evaluate(`navigator.clipboard.writeText('agree\\r\\nwrong\\r\\n"unclear"\\r\\n')`);
    await sheet.cell(1, columns.review).click();
    await sheet.press("Control+v");
    for (const [row, text] of ["agree", "wrong", "unclear"].entries())
      await expect.poll(() => sheet.cell(row + 1, columns.review).textContent()).toBe(text);
    // The range that was pasted is filled by its first cell.
    await sheet.press("Control+d");
    await expect.poll(() => sheet.cell(3, columns.review).textContent()).toBe("agree");
    await sheet.press("Control+x");
    await expect.poll(sheet.clipboard).toBe("agree\nagree\nagree");
    await sheet.cell(5, columns.review).click();
    await sheet.press("Control+v");
    await expect.poll(() => sheet.cell(7, columns.review).textContent()).toBe("agree");
    await expect.poll(() => sheet.cell(1, columns.review).textContent()).toBe("");
    await sheet.cell(1, columns.text).click();
    await sheet.press("Control+v");
    await page.getByRole("dialog", { name: "text comes from numbers" }).waitFor();
    await sheet.press("Escape");
    await expect.poll(sheet.active).toBe(`1:${columns.text}`);
  });
});
