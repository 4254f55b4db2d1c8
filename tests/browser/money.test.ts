import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startModelServer, type ModelServer } from "../helpers/model-server.ts";
import { openWorkbench, seriousProblems, type OpenedPage, type Workbench } from "./open-workbench.ts";

const paid = `---
sheaf: 1
title: Paid
models: { big: openai/nobody-knows, echo: echo/text }
---

\`\`\`prompt free
---
models: [echo, echo/upper]
---
Hello
\`\`\`

\`\`\`prompt dear
---
model: big
---
Hello
\`\`\`

\`\`\`prompt slow
---
model: echo/text+hang
---
Hello
\`\`\`
`;

const granted = `---
sheaf: 1
title: Granted
---

\`\`\`prompt reply
---
model: openai/gpt-5-mini
run: auto
---
Hello
\`\`\`
`;

const priced = `---
sheaf: 1
title: Priced
---

\`\`\`prompt costly
---
model: openai/house-model
---
Hello
\`\`\`
`;

const asked = `---
sheaf: 1
title: Asked
inputs:
  who: { type: string, default: you }
---

\`\`\`prompt greeting
---
model: openai/nobody-knows
---
Hello {{ who }}
\`\`\`
`;

let models: ModelServer;
let workbench: Workbench;
beforeAll(async () => {
  models = await startModelServer(() => ({ text: "Good day." }));
  workbench = await openWorkbench(
    { paid, granted, priced, asked },
    { OPENAI_BASE_URL: models.baseUrl, OPENAI_API_KEY: "test" },
  );
}, 60_000);
afterAll(async () => {
  await workbench[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
});

async function opened(notebook = "paid"): Promise<OpenedPage> {
  const page = await workbench.open(`/n/${notebook}`);
  await page.page.waitForSelector("[data-listens]");
  return page;
}
const block = (page: Page, name: string) => page.locator(`[data-block="${name}"]`);

describe("money", { timeout: 60_000 }, () => {
  test("is said before a run on the cell and above, and after it", async () => {
    await using one = await opened();
    const { page, complaints } = one;
    const run = block(page, "free").getByRole("button", { name: /^Run free/ });
    await expect.poll(() => run.textContent()).toBe("2 · free");
    await expect
      .poll(() =>
        block(page, "dear")
          .getByRole("button", { name: /^Run dear/ })
          .textContent(),
      )
      .toBe("1 · unpriced");
    await expect.poll(() => page.getByRole("button", { name: /^Run stale/ }).textContent()).toContain("4 · unpriced");
    await run.click();
    await block(page, "free").locator(".cell-cost").waitFor();
    await expect.poll(() => run.textContent()).toBe("");
    expect(complaints).toEqual([]);
  });

  test("that nobody can name is asked for in its place, and no is no", async () => {
    await using one = await opened();
    const { page, complaints } = one;
    await block(page, "dear").focus();
    await page.keyboard.press("Control+Enter");
    const panel = page.getByRole("group", { name: "Run dear?" });
    await panel.getByText("1 call, of unknown price (openai/nobody-knows)").waitFor();
    await expect.poll(() => page.evaluate(`document.activeElement.className`)).toBe("confirmation");
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "hidden" });
    await expect.poll(() => page.evaluate(`document.activeElement.dataset.block`)).toBe("dear");
    expect(models.requests()).toHaveLength(0);
    await page.keyboard.press("Control+Enter");
    await panel.waitFor();
    await page.keyboard.press("Control+Enter");
    await block(page, "dear").getByText("Good day.").first().waitFor();
    expect(models.requests()).toHaveLength(1);
    await page.getByText("1 unpriced today").waitFor();
    expect(complaints).toEqual([]);
  });

  test("that nobody can name is said so of an answer, too, where it is stale and what a run now would cost", async () => {
    await using one = await opened("asked");
    const { page, complaints } = one;
    await block(page, "greeting").focus();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("group", { name: "Run greeting?" }).waitFor();
    await page.keyboard.press("Control+Enter");
    await block(page, "greeting").getByText("Good day.").first().click();
    await page.locator("[data-input=who] textarea").fill("all");
    await page.keyboard.press("Tab");
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await expect
      .poll(() => inspector.locator(".why").innerText())
      .toContain("the input who changed. Running it sends 1 call, of unknown price (openai/nobody-knows).");
    await page.getByRole("tab", { name: "Cost" }).click();
    await inspector.getByText("1 call, of unknown price (openai/nobody-knows).", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("that a cell may spend by itself is given to it, and what is spent of it is shown with its cost", async () => {
    await using one = await opened("granted");
    const { page, complaints } = one;
    await block(page, "reply").focus();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Find an action" }).waitFor();
    await page.keyboard.type("run by itself on a budget");
    await page.keyboard.press("Enter");
    await page.getByText("Let reply call its model by itself").waitFor();
    await page.getByRole("button", { name: "Grant", exact: true }).click();
    await block(page, "reply").getByText("Good day.").first().click();
    await page.getByRole("tab", { name: "Cost" }).click();
    await page.getByText(/^It runs by itself: <?\$[\d.]+ of its \$1.00 is spent.$/).waitFor();
    expect(complaints).toEqual([]);
  });

  test("has a price and a budget of the workspace's own, and the estimate stands beside what it came to", async () => {
    await using one = await workbench.open("/models");
    const { page, complaints } = one;
    const prices = page.getByRole("region", { name: "Own prices", exact: true });
    await prices.getByText("There are none").waitFor();
    await prices.getByLabel("Model").fill("openai/house-model");
    await prices.getByLabel("from (empty: always)").fill("2026-01-01");
    await prices.getByLabel("input", { exact: true }).fill("100");
    await prices.getByLabel("output").fill("1000");
    await prices.getByRole("button", { name: "Set" }).press("Enter");
    await prices.getByRole("row", { name: /openai\/house-model 2026-01-01 \$100 \$1000 as input as input/ }).waitFor();
    expect(await seriousProblems(page)).toEqual([]);

    await page.goto(`${workbench.address}/costs`);
    const budgets = page.getByRole("region", { name: "Budgets" });
    await budgets.getByText("There is none").waitFor();
    const amount = budgets.getByLabel("US dollars");
    for (const [entered, why] of [
      ["abc", "US dollars, as in 2.50"],
      ["-3", "Not below 0"],
      ["0,5", "With a point, as in 0.50"],
    ] as const) {
      await amount.fill(entered);
      await page.keyboard.press("Enter");
      await budgets.getByText(why).waitFor();
      expect(await amount.getAttribute("aria-invalid")).toBe("true");
      expect(await amount.evaluate((field) => field.matches(":focus"))).toBe(true);
    }
    expect(await seriousProblems(page)).toEqual([]);
    await amount.fill("0.003");
    await page.keyboard.press("Enter");
    await budgets.getByText("each day $0.003").waitFor();
    await page.getByText("The budget is $0.003.").waitFor();
    await amount.fill("5");
    await page.keyboard.press("Enter");
    await budgets.getByText("each day $5.00").waitFor();
    expect(await seriousProblems(page)).toEqual([]);

    await page.goto(`${workbench.address}/n/priced`);
    await page.waitForSelector("[data-listens]");
    await page.getByText("of $5.00 today").waitFor();
    await block(page, "costly").focus();
    await page.keyboard.press("Control+Enter");
    const panel = page.getByRole("group", { name: "Run costly?" });
    await panel.getByText(/^\$[\d.]+ of today's budget of \$5\.00 is left/).waitFor();
    await panel.getByText("counted").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.press("Control+Enter");
    await block(page, "costly").getByText("Good day.").first().waitFor();

    await page.goto(`${workbench.address}/runs`);
    await page.locator("main a[href^='/runs/']").first().click();
    await page.getByText(/^\$[\d.]+ to \$4\.\d\d, was \$0\.\d+; 1 call$/).waitFor();
    await page.goto(`${workbench.address}/costs`);
    await budgets.getByRole("button", { name: "Take away the budget of each day" }).click();
    await budgets.getByText("There is none").waitFor();
    expect(complaints).toEqual([]);
  });

  test("stops being spent when a run is stopped", async () => {
    await using one = await opened();
    const { page, complaints } = one;
    await block(page, "slow").focus();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: "Stop", exact: true }).waitFor();
    await expect.poll(() => page.title()).toMatch(/^▸ Paid/);
    await page.keyboard.press("Control+.");
    await page.getByRole("button", { name: "Stop", exact: true }).waitFor({ state: "hidden" });
    await block(page, "slow")
      .getByText(/partial|cancelled/)
      .first()
      .waitFor();
    expect(await page.title()).toBe("Paid — Sheaf");
    expect(complaints).toEqual([]);
  });
});
