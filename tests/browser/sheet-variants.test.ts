import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openWorkbench, type OpenedPage, type Workbench } from "./open-workbench.ts";
import { sheetOnPage, type SheetOnPage } from "./sheet-on-page.ts";

/** Answers that are objects, repeats, twelve variants with a score, and labels, over a file. */
const notebook = `---
sheaf: 1
title: Rich
models:
  plain: echo/text
  loud: echo/upper
---

\`\`\`data tickets
---
file: tickets.csv
key: id
---
\`\`\`

\`\`\`\`sheet triage
---
rows: tickets
---
\`\`\`prompt fields
---
model: echo/text
schema: { topic: string, urgency: number }
---
{ "topic": "{{ row.topic }}", "urgency": {{ row.level }} }
\`\`\`

\`\`\`prompt voice
---
models: [plain, loud]
repeat: 3
---
{{ row.text }}
\`\`\`

\`\`\`score right
---
output: =voice
expected: =row.text
---
- equals
\`\`\`

\`\`\`prompt many
---
model: echo/text
vary: { tone: [plain, warm, brief, formal], words: ["5", "10", "20"] }
---
{{ vary.tone }} {{ vary.words }} {{ row.topic }}
\`\`\`

\`\`\`score fits
---
output: =many
expected: ="warm 5 " ~ row.topic
---
- equals
\`\`\`

\`\`\`label one
\`\`\`

\`\`\`label two
\`\`\`

\`\`\`label three
\`\`\`
\`\`\`\`
`;

const rowOf = (id: number): string => `t${id},Ticket ${id} of mine,${["card", "money"][id % 2]},${id % 7}`;
const file = (ids: readonly number[], other = ""): string =>
  ["id,text,topic,level", ...ids.map((id) => rowOf(id) + (id < 2 ? other : ""))].join("\n");
const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

let workbench: Workbench;
let opened: OpenedPage;
let page: Page;
let sheet: SheetOnPage;

beforeAll(async () => {
  workbench = await openWorkbench({ rich: notebook });
  await mkdir(join(workbench.folder, "datasets"), { recursive: true });
  await writeFile(join(workbench.folder, "datasets", "tickets.csv"), file(numbers(0, 40)));
}, 60_000);
afterAll(() => workbench[Symbol.asyncDispose]());

beforeEach(async () => {
  opened = await workbench.open("/n/rich?sheet=triage", 1920);
  page = opened.page;
  sheet = sheetOnPage(page);
  await page.getByRole("gridcell", { name: "Ticket 3 of mine", exact: true }).first().waitFor();
});
afterEach(async () => {
  expect(opened.complaints).toEqual([]);
  await opened[Symbol.asyncDispose]();
});

/** The place of a column, from 1, by the beginning of its name. */
async function place(name: string): Promise<number> {
  const index = await page.locator(`[role=columnheader][aria-label^="${name}"]`).first().getAttribute("aria-colindex");
  return Number(index) - 1;
}
const scrollRight = () => page.evaluate("document.querySelector('[role=grid]').scrollLeft = 99999");
const polled = (row: number, column: number) =>
  expect.poll(() => sheet.cell(row, column).textContent(), { timeout: 40_000 });

describe("variants, objects and labels of a sheet", { timeout: 180_000 }, () => {
  test("are run, folded where they repeat, compared in words, and shown as a matrix where they are many", async () => {
    await page.getByRole("button", { name: /^Run stale/ }).click();
    const voice = await place("voice, plain");
    await polled(1, voice).toBe("passes: Ticket 0 of mine × 3");
    await sheet.cell(1, voice).click();
    await sheet.press("Enter");
    await polled(1, voice).toBe("passes: 1 of 3: Ticket 0 of mine");
    await sheet.press("ArrowLeft");
    await polled(1, voice).toBe("passes: 3 of 3: Ticket 0 of mine");
    await sheet.press("Escape");
    await polled(1, voice).toBe("passes: Ticket 0 of mine × 3");
    // The formula bar has the prompt as it would be sent for this row.
    await expect
      .poll(() => page.locator(".sheet-formula-text mark").textContent({ timeout: 1_000 }), { timeout: 40_000 })
      .toBe("Ticket 0 of mine");
    await expect
      .poll(() => page.locator(".sheet-comparison-words").textContent(), { timeout: 40_000 })
      .toMatch(/^loud is below plain on 40 of 40 rows: −100\.0 points/);
    // The mean in a score's header stands beside its bar, within its column.
    const mean = page.getByRole("columnheader", { name: /^right, plain/ }).locator(".sheet-mean");
    await expect.poll(() => mean.textContent(), { timeout: 40_000 }).toBe("100.0 %");
    const gaps = await page.evaluate<readonly number[]>(`(() => {
      const head = document.querySelector('[role=columnheader][aria-label^="right, plain"]');
      const text = document.createRange();
      text.selectNodeContents(head.querySelector(".sheet-mean"));
      const { left, right } = text.getBoundingClientRect();
      return [left - head.querySelector(".sheet-bar").getBoundingClientRect().right, head.getBoundingClientRect().right - right];
    })()`);
    expect(Math.min(...gaps)).toBeGreaterThan(4);
    await page.getByRole("button", { name: "differences only · 40" }).click();
    await page.getByRole("button", { name: "Remove the filter: voice differs" }).click();
    await scrollRight();
    await page.getByRole("button", { name: "+11 more variants of many" }).click();
    const matrix = page.getByRole("dialog", { name: "Variants of many" });
    await expect.poll(() => matrix.textContent(), { timeout: 40_000 }).toContain("100.0 %");
    await matrix.getByRole("row", { name: /^warm/ }).getByRole("button").first().click();
    await sheet.press("Escape");
    await expect.poll(() => page.getByRole("columnheader", { name: /^many, .*warm/ }).count()).toBe(1);
    const fits = await place("fits");
    await expect
      .poll(() => sheet.footer().textContent(), { timeout: 40_000 })
      .toMatch(/right plain 100\.0 % \(.*\) n 120/);
    await polled(1, fits).toContain("0");
  });

  test("go down, a line a label under one head, are gone through and run line by line, and stay so when one comes back", async () => {
    const across = await place("voice, plain");
    const filled = await sheet.cell(1, across).textContent();
    await page.getByRole("button", { name: "View", exact: true }).focus();
    await sheet.press("Enter");
    await page.getByRole("menuitemcheckbox", { name: "model goes down, a line a label" }).press("Enter");
    await sheet.press("Escape");
    // Of two heads one is left, and a row is as high as its two lines.
    await expect.poll(() => page.getByRole("columnheader", { name: "voice, prompt" }).count()).toBe(1);
    expect(await page.getByRole("columnheader", { name: /^voice, (plain|loud)/ }).count()).toBe(0);
    const voice = await place("voice, prompt");
    await polled(1, voice).toBe(`plain: ${filled}`);
    const box = async (row: number, column: number) => (await sheet.cell(row, column).boundingBox())!;
    const [plain, loud, below] = [await box(1, voice), await box(1, voice + 1), await box(2, voice)];
    expect([loud.x, loud.y, below.y]).toEqual([plain.x, plain.y + plain.height, plain.y + 2 * plain.height]);
    expect((await box(1, 2)).height).toBe(2 * plain.height);
    // The score of each stands level with it.
    const right = await place("right, score");
    expect((await box(1, right + 1)).y).toBe(loud.y);
    await sheet.cell(1, voice).click();
    await sheet.press("ArrowDown");
    expect(await sheet.active()).toBe(`1:${voice + 1}`);
    await sheet.press("ArrowRight");
    expect(await sheet.active()).toBe(`1:${right + 1}`);
    await sheet.press("ArrowLeft", "ArrowDown");
    expect(await sheet.active()).toBe(`2:${voice}`);
    // Rows in sight are those that fit, at any place.
    await sheet.press("Control+End", "Home");
    await expect.poll(() => sheet.cell(40, 2).textContent()).toBe("Ticket 39 of mine");
    await sheet.press("Control+Home");
    await sheet.cell(2, voice + 1).click();
    expect(await sheet.active()).toBe(`2:${voice + 1}`);
    await sheet.press("Alt+ArrowDown");
    await page.getByText("of the line loud").waitFor();
    await page.getByRole("menuitem", { name: "Hide column" }).waitFor();
    await sheet.press("Escape");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByLabel("Name of the view").fill("lines");
    await sheet.press("Enter");
    await page.reload();
    await polled(1, voice + 1).toContain("loud: ");
    await page.getByRole("button", { name: "View", exact: true }).click();
    await page.getByRole("menuitemcheckbox", { name: "model goes down, a line a label" }).click();
    await sheet.press("Escape");
    await expect.poll(() => page.getByRole("columnheader", { name: "voice, plain, prompt" }).count()).toBe(1);
    await page.getByRole("button", { name: "Views · 1" }).click();
    await page.getByRole("button", { name: "lines", exact: true }).click();
    await expect.poll(() => page.getByRole("columnheader", { name: "voice, prompt" }).count()).toBe(1);
    await page.getByRole("button", { name: "View", exact: true }).click();
    await page.getByRole("menuitem", { name: "Arrange columns as they were" }).click();
    await expect.poll(() => page.getByRole("columnheader", { name: "voice, plain, prompt" }).count()).toBe(1);
  });

  test("have one field of an object edited, which is taken back by one undo", async () => {
    const urgency = await place("fields, urgency");
    await polled(3, urgency).toBe("2");
    await sheet.cell(3, urgency).click();
    await sheet.type("9");
    await sheet.press("Enter");
    await polled(3, urgency).toContain("9");
    await polled(3, urgency - 1).toContain("card (edited by hand)");
    await sheet.press("Control+z");
    await polled(3, urgency).toBe("2");
  });

  test("are filled by the handle: labels are copied and computed cells run, and one undo takes a fill back", async () => {
    await scrollRight();
    const one = await place("one, label");
    await sheet.cell(1, one).click();
    await sheet.type("seen");
    await sheet.press("Enter");
    await polled(1, one).toBe("seen");
    await sheet.cell(1, one).click();
    const handle = (await page.locator(".fill-handle").boundingBox())!;
    const last = (await sheet.cell(6, one).boundingBox())!;
    await page.mouse.move(handle.x + 3, handle.y + 3);
    await page.mouse.down();
    await page.mouse.move(last.x + 20, last.y + 12, { steps: 5 });
    await page.mouse.up();
    await polled(6, one).toBe("seen");
    expect(await sheet.cell(7, one).textContent()).toBe("");
    await sheet.press("Control+z");
    await polled(6, one).toBe("");
    expect(await sheet.cell(1, one).textContent()).toBe("seen");
    await sheet.press("Control+z");
    await polled(1, one).toBe("");
  });

  test("say when the file under them changes, and which rows they show while that is awaited", async () => {
    const dataset = join(workbench.folder, "datasets", "tickets.csv");
    // The row that is explained goes from the file: the one in its place is explained, and nothing is asked in vain.
    await sheet.cell(8, await place("voice, plain")).click();
    await sheet.press("Control+i");
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await expect.poll(() => inspector.textContent()).toContain("Ticket 7 of mine");
    await writeFile(
      dataset,
      file(numbers(0, 5_000).filter((id) => id !== 7)).replace("Ticket 5 of", "Ticket 5 not of"),
    );
    await page.getByText("4,960 new, 1 changed, 1 gone", { exact: false }).waitFor({ timeout: 40_000 });
    await expect.poll(() => inspector.textContent(), { timeout: 20_000 }).toContain("Ticket 8 of mine");
    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect.poll(() => page.getByText("tickets has changed:").count()).toBe(0);
    await page.reload();
    await expect.poll(() => sheet.footer().textContent(), { timeout: 40_000 }).toMatch(/^4,999 rows/);
    expect(await page.getByText("tickets has changed:").count()).toBe(0);
    // Labels of 5,000 rows × 3 columns, far more than the grid has in sight.
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate(
      `navigator.clipboard.writeText(Array.from({ length: 4999 }, (_, row) => [row, "b" + row, "c"].join("\\t")).join("\\n"))`,
    );
    await scrollRight();
    const one = await place("one, label");
    await sheet.cell(1, one).click();
    await sheet.press("Control+v");
    await polled(2, one + 1).toBe("b1");
    await sheet.press("Control+End");
    await polled(4_999, one).toBe("4998");
    await sheet.press("Control+z");
    await polled(4_999, one).toBe("");
    await sheet.press("Control+Home");
    await scrollRight();
    await polled(2, one + 1).toBe("");
  });
});
