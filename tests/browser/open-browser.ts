import chromium from "@sparticuz/chromium";
import { chromium as playwright, type Browser, type Page } from "playwright-core";
import { unpackedChromium } from "./unpacked-chromium.ts";

/** Opens a headless Chromium that comes from npm. */
export async function openBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await unpackedChromium(),
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
