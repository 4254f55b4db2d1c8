import { mkdir } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkbench, seriousProblems, type Workbench } from "./open-workbench.ts";

const fence = (info: string, ...lines: string[]): string => ["```" + info, ...lines, "```"].join("\n");
const prompt = (name: string, model: string, text: string): string =>
  fence(`prompt ${name}`, "---", `model: ${model}`, "---", text);

/** A cell for each state there is, called like it. */
const notebook = [
  "---\nsheaf: 1\ntitle: States\ninputs:\n  name: { type: string, default: Ada }\n  other: { type: string, default: one }\n---",
  fence("template current", "Hello {{ name }}"),
  prompt("never_run", "echo/text", "Never {{ name }}"),
  prompt("first", "echo/text", "Same {{ name }}"),
  prompt("from_cache", "echo/text", "Same {{ name }}"),
  prompt("stale", "echo/text", "Stale {{ other }}"),
  prompt("fixed", "echo/text", "Locked {{ name }}"),
  prompt("edited", "echo/text", "Edited {{ name }}"),
  fence("template skipped", "---", "when: =false", "---", "never"),
  fence("template wrong", "{{ nobody }}"),
  fence("template blocked", "{{ wrong }}"),
  fence("sql mistaken", "selct 1 as one"),
  fence("sql above", "select one from mistaken"),
  prompt("unclosed", "echo/text", "Hello {{ name"),
  prompt("failed", "echo/fail-401", "Fail {{ name }}"),
  prompt("after", "echo/text", "{{ failed }}"),
  prompt("partial", "echo/text+hang", "This is as far as it came when it was stopped {{ name }}"),
  prompt("cancelled", "echo/text+delay-60000", "Nothing came"),
  // It continues text; messages would be refused before it is asked for.
  fence("prompt waiting", "---", "model: local/gemma-3-270m", "completion: true", "---", "Consent"),
  prompt("running", "echo/text+hang", "Its text comes, word by word, and does not come to an end {{ name }}"),
  prompt("queued", "echo/text", "{{ running }}"),
  fence(
    "prompt pair",
    "---",
    "models: [echo/text, echo/text+hang]",
    "---",
    ...Array.from({ length: 5 }, (_, line) => `Line ${line} for {{ name }}`),
  ),
].join("\n\n");

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({ states: notebook });
  await mkdir("test-results/states", { recursive: true });
}, 60_000);
afterAll(() => workbench[Symbol.asyncDispose]());

const path = "notebooks/states.md";
async function call(procedure: string, input: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${workbench.address}/api/trpc/notebook.${procedure}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ path, ...input }),
  });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return ((await answer.json()) as { result: { data: Record<string, unknown> } }).result.data ?? {};
}
const run = async (...cells: string[]): Promise<string> =>
  (await call("run", { scope: { type: "cells", cells }, title: cells.join(", ") }))["run"] as string;

/** What each cell says of its state, in words and by its shape. */
const badge = (page: Page, cell: string) => page.locator(`[data-block="${cell}"] .cell-head .state-badge`).first();
const says = (page: Page, cell: string, words: string | RegExp): Promise<void> =>
  expect.poll(() => badge(page, cell).textContent(), { timeout: 20_000 }).toMatch(words);

test(
  "every state a result can be in is brought about, said in a word and a shape, and explained",
  { timeout: 120_000 },
  async () => {
    await using opened = await workbench.open("/n/states");
    const { page, complaints } = opened;
    await says(page, "current", /^current$/);
    for (const cell of ["first", "stale", "fixed", "edited"]) {
      await run(cell);
      // What runs by itself may have found the answer in the journal a moment before.
      await says(page, cell, /^(?:current|from cache)$/);
    }
    await run("from_cache", "failed", "after");
    await says(page, "failed", /^error$/);
    await call("note", { note: { address: "fixed", type: "locked" } });
    await call("note", { note: { address: "edited", type: "edited", value: { type: "string", value: "By hand" } } });
    await call("setInput", { name: "other", value: "two" });
    const stopped = await run("partial");
    await says(page, "partial", /tokens$/);
    await call("cancel", { run: stopped });
    const early = await run("cancelled");
    await says(page, "cancelled", /^running/);
    await call("cancel", { run: early });
    await run("waiting");
    await run("queued");
    const words: { readonly [cell: string]: RegExp } = {
      current: /^current$/,
      never_run: /^never run$/,
      from_cache: /^from cache$/,
      stale: /^stale: other$/,
      fixed: /^locked$/,
      edited: /^edited by hand$/,
      skipped: /^skipped$/,
      wrong: /^error$/,
      blocked: /^blocked by wrong$/,
      mistaken: /^error$/,
      above: /^blocked by mistaken$/,
      unclosed: /^error$/,
      failed: /^error$/,
      after: /^blocked by failed$/,
      partial: /^partial$/,
      cancelled: /^cancelled$/,
      waiting: /^waiting for your consent to local\/gemma-3-270m$/,
      running: /^running \d+\.\d s · ≈ \d+ tokens$/,
      queued: /^queued$/,
    };
    for (const [cell, expected] of Object.entries(words)) await says(page, cell, expected);
    await page.locator('[data-block="cancelled"]').getByText("Stopped before anything came.").waitFor();
    const shapes = new Set<string>();
    for (const cell of Object.keys(words)) {
      expect(await badge(page, cell).getAttribute("data-tip"), cell).toMatch(/\.$/);
      shapes.add((await badge(page, cell).locator("svg").getAttribute("class"))!.replace(" turning", ""));
    }
    // Four fail and three are blocked: every other state has a shape of its own.
    expect(shapes.size).toBe(Object.keys(words).length - 5);
    // What is wrong with a text is told with it, once.
    expect(await badge(page, "unclosed").getAttribute("data-tip")).toMatch(
      /^`\{\{` is never closed \(line \d+, column 7\)/,
    );
    for (const cell of ["mistaken", "unclosed"]) {
      expect(await page.locator(`[data-block="${cell}"] .cell-diagnostic`).count()).toBe(1);
      expect(await page.locator(`[data-block="${cell}"] .results`).count()).toBe(0);
    }
    for (const theme of ["light", "dark"] as const) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      expect(await seriousProblems(page)).toEqual([]);
      for (const cell of Object.keys(words))
        await page.locator(`[data-block="${cell}"]`).screenshot({ path: `test-results/states/${cell}-${theme}.png` });
      await page.setViewportSize({ width: 1280, height: 2_400 });
      await page.locator('[data-block="current"]').scrollIntoViewIfNeeded();
      await page.screenshot({ path: `test-results/states/all-${theme}.png` });
    }
    // A page that is opened while one of two is still awaited shows all of the other.
    await run("pair");
    await page.locator('[data-block="pair"]').getByText("Line 4 for Ada").first().waitFor();
    await using late = await workbench.open("/n/states");
    const there = late.page.locator('[data-block="pair"] .result').first();
    await there.getByText("Line 4 for Ada").waitFor();
    await late.page.waitForSelector("[data-listens]");
    expect(await there.locator(".result-value").evaluate(({ offsetHeight }) => offsetHeight)).toBeGreaterThan(100);
    expect(await there.getByRole("button", { name: "show more" }).count()).toBe(0);
    await page.getByRole("button", { name: /^Stop/ }).first().click();
    expect(complaints).toEqual([]);
  },
);

test("what is being typed into an input stays when another value comes for it, until it is handed over", async () => {
  await using opened = await workbench.open("/n/states");
  const { page, complaints } = opened;
  const field = page.locator("[data-input=name] textarea");
  const greeting = page.locator('[data-block="current"] .result-value');
  await expect.poll(() => greeting.innerText()).toBe("Hello Ada");
  await page.waitForSelector("[data-listens]");
  await field.fill("Grace");
  await call("setInput", { name: "name", value: "Edsger" });
  await expect.poll(() => greeting.innerText()).toBe("Hello Edsger");
  expect(await field.inputValue()).toBe("Grace");
  await page.keyboard.press("Tab");
  await expect.poll(() => greeting.innerText()).toBe("Hello Grace");
  expect(await field.inputValue()).toBe("Grace");
  // What was handed over with Enter is typed no more.
  await field.fill("Barbara");
  await page.keyboard.press("Enter");
  await expect.poll(() => greeting.innerText()).toBe("Hello Barbara");
  await call("setInput", { name: "name", value: "Donald" });
  await expect.poll(() => field.inputValue()).toBe("Donald");
  await page.keyboard.press("Tab");
  await expect.poll(() => greeting.innerText()).toBe("Hello Donald");
  // What nobody types in shows what comes.
  await call("setInput", { name: "name", value: "Ada" });
  await expect.poll(() => field.inputValue()).toBe("Ada");
  expect(complaints).toEqual([]);
});
