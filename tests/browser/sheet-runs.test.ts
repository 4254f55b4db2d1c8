import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startModelServer, type ModelServer } from "../helpers/model-server.ts";
import { openWorkbench, type OpenedPage, type Workbench } from "./open-workbench.ts";
import { sheetOnPage, type SheetOnPage } from "./sheet-on-page.ts";

/** Two models, one with a price and one of which nobody knows it, over eight rows. */
const notebook = `---
sheaf: 1
title: Paid rows
models: { mini: openai/gpt-5-mini, dear: openai/nobody-knows }
---

\`\`\`sql numbers
select range as id, 'Message ' || range as text, case when range % 2 = 0 then 'card' else 'money' end as category
from range(8)
\`\`\`

\`\`\`\`sheet rows
---
rows: numbers
key: id
---
\`\`\`prompt topic
---
models: [mini, dear]
---
Topic of {{ row.text }}
\`\`\`

\`\`\`prompt tone
---
model: dear
---
Tone of {{ row.text }}
\`\`\`

\`\`\`prompt held
---
model: mini
---
Held {{ row.text }}
\`\`\`
\`\`\`\`
`;
const columns = { category: 3, mini: 4, dear: 5, tone: 6, held: 7 } as const;

let models: ModelServer;
let workbench: Workbench;
let opened: OpenedPage;
let page: Page;
let sheet: SheetOnPage;

beforeAll(async () => {
  models = await startModelServer(({ text }) => ({ text: "Good day.", hold: text.includes("Held") }));
  workbench = await openWorkbench({ paid: notebook }, { OPENAI_BASE_URL: models.baseUrl, OPENAI_API_KEY: "test" });
}, 60_000);
afterAll(async () => {
  await workbench[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
});
beforeEach(async () => {
  opened = await workbench.open("/n/paid?sheet=rows", 1600);
  page = opened.page;
  sheet = sheetOnPage(page);
  await sheet.cell(1, 2).filter({ hasText: "Message 0" }).waitFor();
});
afterEach(async () => {
  expect(opened.complaints).toEqual([]);
  await opened[Symbol.asyncDispose]();
});

const polled = (row: number, column: number) =>
  expect.poll(() => sheet.cell(row, column).textContent(), { timeout: 20_000 });
const confirmations = () => page.getByRole("group", { name: /^Run .*\?$/ });

describe("runs of a sheet", { timeout: 60_000 }, () => {
  test("of several columns that are filled by the handle are one run, asked about once, of these columns alone", async () => {
    await sheet.cell(1, columns.dear).click();
    await sheet.press("Shift+ArrowRight");
    const handle = (await page.locator(".fill-handle").boundingBox())!;
    const last = (await sheet.cell(3, columns.tone).boundingBox())!;
    await page.mouse.move(handle.x + 3, handle.y + 3);
    await page.mouse.down();
    await page.mouse.move(last.x + 20, last.y + 12, { steps: 5 });
    await page.mouse.up();
    await page
      .getByRole("group", { name: "Run topic, tone of 3 rows?" })
      .getByText(/^6 calls/)
      .waitFor();
    expect(await confirmations().count()).toBe(1);
    expect(models.requests()).toHaveLength(0);
    await sheet.press("Control+Enter");
    await polled(3, columns.dear).toBe("Good day.");
    await polled(3, columns.tone).toBe("Good day.");
    await page.getByRole("button", { name: /^Run stale/ }).waitFor();
    expect(await confirmations().count()).toBe(0);
    expect(models.requests()).toHaveLength(6);
    expect(await sheet.cell(3, columns.mini).textContent()).toBe("");
    expect(await sheet.cell(4, columns.tone).textContent()).toBe("");
  });

  test("say in the column's menu what each choice would cost, and of a model without a price that it has none", async () => {
    await sheet.cell(1, columns.mini).click();
    await sheet.press("Alt+ArrowDown");
    const all = page.getByRole("menuitem", { name: /^Run all/ });
    await expect.poll(() => all.textContent(), { timeout: 20_000 }).toMatch(/^Run all8 · ≈ \$0\.\d+$/);
    await sheet.press("Escape");
    await sheet.cell(1, columns.dear).click();
    await sheet.press("Alt+ArrowDown");
    await expect.poll(() => all.textContent(), { timeout: 20_000 }).toBe("Run all8 · unpriced");
    await sheet.press("Escape");
  });

  test("go on under a filter that is set meanwhile: what comes for its rows is seen, and all of it when it is gone", async () => {
    await sheet.cell(1, columns.held).click();
    await sheet.press("Control+Space", "Control+Enter");
    await models.until((server) => server.inFlight().length > 0);
    await page.getByRole("button", { name: "+ filter" }).click();
    await page.getByLabel("Column").selectOption({ label: "category" });
    await page.getByLabel("Value").fill("money");
    await sheet.press("Enter");
    await expect.poll(() => sheet.footer().textContent()).toContain("4 of 8 rows");
    await polled(1, 2).toBe("Message 1");
    await polled(1, columns.held).toMatch(/queued|running/);
    const isDone = () => models.finished().filter(({ text }) => text.includes("Held")).length === 8;
    await expect.poll(() => (models.release(), isDone()), { timeout: 20_000 }).toBe(true);
    for (const row of [1, 2, 3, 4]) await polled(row, columns.held).toBe("Good day.");
    await page.getByRole("button", { name: "Remove the filter: category is money" }).click();
    await expect.poll(() => sheet.footer().textContent()).toMatch(/^8 rows/);
    for (const row of [1, 8]) await polled(row, columns.held).toBe("Good day.");
  });
});
