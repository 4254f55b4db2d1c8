import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startModelServer, type ModelServer } from "../helpers/model-server.ts";
import { openWorkbench, type Workbench } from "./open-workbench.ts";

const letters = `---
sheaf: 1
title: Letters
inputs: { message: { type: string, default: short } }
---

\`\`\`prompt letter
---
models: [openai/gpt-5-mini, openai/gpt-4o-mini]
---
{{ message }}
\`\`\`
`;

let models: ModelServer;
let workbench: Workbench;
beforeAll(async () => {
  const words = Array.from({ length: 60 }, (_, index) => `Sentence ${index} of a long answer. `);
  models = await startModelServer(({ text }) =>
    text.includes("long") ? { text: [words.join(""), "The end."], hang: "after-part" } : { text: "Short." },
  );
  workbench = await openWorkbench({ letters }, { OPENAI_BASE_URL: models.baseUrl, OPENAI_API_KEY: "test" });
}, 60_000);
afterAll(async () => {
  await workbench[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
});

const column = (page: Page) => page.locator(".compare-column").first();
const boxOf = async (page: Page, selector: string) => (await page.locator(selector).first().boundingBox())!;

async function askAll(page: Page): Promise<void> {
  await page.locator("main[data-listens]").waitFor();
  await page.getByRole("button", { name: /Ask all/ }).click();
}

test("what is told lies over nothing that is pressed", { timeout: 60_000 }, async () => {
  await using opened = await workbench.open("/n/letters?compare=letter");
  const { page } = opened;
  await askAll(page);
  await column(page).getByText("Short.").waitFor();
  await column(page)
    .getByRole("button", { name: /^What becomes of/ })
    .click();
  await page.getByRole("menuitem", { name: /Keep as a cell/ }).click();
  const toast = page.locator(".toast").filter({ hasText: "Kept as" });
  await toast.waitFor();
  const told = (await toast.boundingBox())!;
  const pressed = page.locator("main button, main textarea, main input").and(page.locator(":visible"));
  const covered = await pressed.evaluateAll(
    (all, { x, y, width, height }) =>
      all.filter((one) => {
        const box = one.getBoundingClientRect();
        return box.right > x && box.left < x + width && box.bottom > y && box.top < y + height;
      }).length,
    told,
  );
  expect(covered).toBe(0);
});

test(
  "an answer that comes anew has the page, and none of the figures of the one before",
  { timeout: 60_000 },
  async () => {
    await using opened = await workbench.open("/n/letters?compare=letter", 1920);
    const { page, complaints } = opened;
    await askAll(page);
    const facts = column(page).locator(".result-facts");
    await expect.poll(() => facts.innerText()).toMatch(/→/);
    const foot = await boxOf(page, ".compare-foot");
    await page.locator(".compare .inputs textarea, .compare .inputs input").first().fill("long");
    await askAll(page);
    await column(page).locator(".streaming").getByText("Sentence 59").waitFor();
    expect(await facts.innerText()).toBe("");
    expect((await boxOf(page, ".result-value")).height).toBeGreaterThan(300);
    // Nothing moved to make room for it, and nothing is beyond the window.
    expect(await boxOf(page, ".compare-foot")).toEqual(foot);
    const [columns, say] = [await boxOf(page, ".compare-columns"), await boxOf(page, "form.say")];
    expect(say.y - (columns.y + columns.height)).toBeLessThan(40);
    expect(await page.locator("main").evaluate((main) => main.scrollHeight - main.clientHeight)).toBe(0);
    await page.keyboard.press("Control+.");
    await column(page).getByText("partial").first().waitFor();
    // What came is whole, and the way to more of it is not in the way.
    await column(page).locator(".result-body").getByText("Sentence 59").waitFor();
    expect(await column(page).getByRole("button", { name: /^show/ }).count()).toBe(0);
    expect(complaints).toEqual([]);
  },
);
