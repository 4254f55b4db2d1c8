import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import { chromium as playwright, type Browser, type Page } from "playwright-core";

/**
 * Opens a headless Chromium that comes from npm. Its 400 MB of files go to a folder of their own, since it takes any that is called like it
 * in the temporary one; they are removed when it is closed.
 */
export async function openBrowser(): Promise<Browser> {
  const before = process.env["TMPDIR"];
  const folder = mkdtempSync(join(tmpdir(), "sheaf-browser-"));
  process.env["TMPDIR"] = folder;
  try {
    const browser = await playwright.launch({
      executablePath: await chromium.executablePath(),
      // In a single process a second context ends the browser.
      args: [
        ...chromium.args.filter((word) => word !== "--single-process" && word !== "--no-zygote"),
        "--no-sandbox",
        "--no-zygote",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
      headless: true,
    });
    browser.on("disconnected", () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
    return browser;
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}

/** What a page said that it should not have: console errors, failed requests, thrown errors. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => {
    if (request.failure()?.errorText !== "net::ERR_ABORTED")
      complaints.push(`request: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`response: ${response.status()} ${response.url()}`);
  });
  return complaints;
}
