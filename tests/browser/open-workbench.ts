import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { sheaf } from "../helpers/sheaf.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { complaintsOf, openBrowser } from "./open-browser.ts";

/** A served workspace, and a browser to look at it. */
export interface Workbench extends AsyncDisposable {
  readonly folder: string;
  /** `http://localhost:PORT`. */
  readonly address: string;
  /** A page at an address of the server, with what it complained of. */
  open(path: string, width?: number): Promise<OpenedPage>;
}

export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Serves a new workspace with these files, as it was built. */
export async function openWorkbench(files: { readonly [path: string]: string }): Promise<Workbench> {
  const folder = await temporaryFolder();
  await mkdir(join(folder.path, "datasets"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
  const server = sheaf(["serve", "--port", "0", "--no-build"], { folder: folder.path });
  const [, address] = await server.waitFor(/Sheaf is at (http:\/\/\S+)/);
  // Axe is put into pages whose policy would not let it in. This browser ends with its first context that is closed: all pages share one.
  const browser = await openBrowser();
  const context = await browser.newContext({ bypassCSP: true });
  await context.newPage();
  return {
    folder: folder.path,
    address: address!,
    async open(path, width = 1280) {
      const page = await context.newPage();
      await page.setViewportSize({ width, height: 900 });
      const complaints = complaintsOf(page);
      await page.goto(address! + path);
      return { page, complaints, [Symbol.asyncDispose]: () => page.close() };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** What axe finds serious or critical on a page. */
export async function seriousProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
