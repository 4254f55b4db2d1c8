import type { Page } from "playwright-core";

/** Presses keys one after another, without waiting for what they do. */
export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
