import type { Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorkbench, type OpenedPage, type Workbench } from "./open-workbench.ts";

const notebook = `---
sheaf: 1
title: Values
inputs:
  word: { type: string, default: one }
---

\`\`\`js long
return (word + " ").repeat(20_000) + "end of " + word
\`\`\`

\`\`\`label good
type: boolean
\`\`\`

\`\`\`prompt licensed
---
model: local/gemma-3-270m
completion: true
---
Hello
\`\`\`
`;

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({ values: notebook });
}, 60_000);
afterAll(() => workbench[Symbol.asyncDispose]());

/** The notebook's page, whose keys do something. */
async function opened(): Promise<OpenedPage> {
  const page = await workbench.open("/n/values");
  await page.page.waitForSelector("[data-listens]");
  return page;
}
const later = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const refused = (route: Route): Promise<void> => {
  const problem = { code: "store.closed", message: "the store is closed" };
  return route.fulfill({ json: [{ error: { message: "no", code: -32603, data: { problem } } }] });
};

describe("values", { timeout: 60_000 }, () => {
  test("the reader shows at once what there is of a long text, says that it is not all, and where the rest cannot be had", async () => {
    await using one = await opened();
    const { page, complaints } = one;
    await page.route(/notebook\.value/, (route) => later(1_000).then(() => refused(route)));
    const card = page.locator('[data-block="long"] .result');
    await card.hover();
    await card.getByRole("button", { name: "Read in full size" }).click();
    const reader = page.getByRole("dialog", { name: "long" });
    await reader.getByText(/^The first [\d,]+ characters/).waitFor();
    expect(await reader.getByText("could not be fetched").count()).toBe(0);
    expect(await reader.getByRole("button", { name: "Copy" }).isDisabled()).toBe(true);
    await reader.getByText("The rest of it could not be fetched.").waitFor();
    await page.keyboard.press("Escape");
    await reader.waitFor({ state: "hidden" });
    await page.unrouteAll({ behavior: "wait" });
    await card.getByRole("button", { name: "Read in full size" }).click();
    await reader.getByText("end of one").waitFor();
    await reader.getByText(/^80,010 characters/).waitFor();
    expect(complaints).toEqual([]);
  });

  test("the rest of a text that comes when another stands in its place is not shown as that one", async () => {
    await using one = await opened();
    const { page, complaints } = one;
    const text = page.locator('[data-block="long"] .result-value');
    let come = (): void => {};
    const asked = new Promise<void>((resolve) => (come = resolve));
    await page.route(/notebook\.value/, async (route) => {
      const response = await route.fetch();
      await asked;
      await route.fulfill({ response });
    });
    await text.getByRole("button", { name: /^show all/ }).click();
    await text.getByRole("button", { name: "fetching …" }).waitFor();
    await page.locator("[data-input=word] :is(input, textarea)").fill("two");
    await page.keyboard.press("Tab");
    await text.getByText(/^two two/).waitFor();
    come();
    await text.getByRole("button", { name: /^show all/ }).waitFor();
    expect(await text.innerText()).toMatch(/^two two/);
    await page.unrouteAll({ behavior: "wait" });
    await text.getByRole("button", { name: /^show all/ }).click();
    await text.getByText(/end of two$/).waitFor();
    expect(complaints).toEqual([]);
  });

  test("a label that was not kept is not shown as if it were", async () => {
    await using one = await opened();
    const { page, complaints } = one;
    const box = page.getByRole("checkbox", { name: "good" });
    await page.route(/notebook\.note/, refused);
    await box.click();
    await page.getByText("The store is closed").waitFor();
    await expect.poll(() => box.isChecked()).toBe(false);
    await page.unrouteAll({ behavior: "wait" });
    await box.check();
    expect(complaints).toEqual([]);
  });

  test("what waits for a licence whose terms cannot be read still says so", async () => {
    await using one = await opened();
    const { page, complaints } = one;
    await page.route(/models\.list/, refused);
    const cell = page.locator('[data-block="licensed"]');
    await cell.hover();
    await cell.getByRole("button", { name: /^Run licensed(:|$)/ }).click();
    await cell.getByRole("group", { name: "Waiting" }).locator(".dim").waitFor();
    expect(complaints).toEqual([]);
  });
});
