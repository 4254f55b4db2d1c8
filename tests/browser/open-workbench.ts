import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { servedWorkspace } from "../helpers/serving.ts";
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

/** Serves a new workspace with these notebooks, by name without `.md`, and with more in its environment. */
export async function openWorkbench(
  notebooks: { readonly [name: string]: string },
  environment: { readonly [name: string]: string } = {},
): Promise<Workbench> {
  const { folder, address, ...served } = await servedWorkspace(notebooks, {}, undefined, environment);
  const browser = await openBrowser();
  return {
    folder,
    address,
    async open(path, width = 1280) {
      // Axe is put into pages whose policy would not let it in.
      const context = await browser.newContext({ bypassCSP: true, viewport: { width, height: 900 } });
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      await page.goto(address + path);
      return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await served[Symbol.asyncDispose]();
    },
  };
}

/** What axe finds serious or critical on a page, or in the part of it that a selector names. */
export async function seriousProblems(page: Page, within = "html"): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(within)})`);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
