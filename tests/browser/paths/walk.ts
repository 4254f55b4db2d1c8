import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { complaintsOf } from "../open-browser.ts";

/** Something on a page that moved by itself, as the browser saw it. */
export interface Shift {
  /** The part of the screen that moved, times how far: https://web.dev/articles/cls */
  readonly value: number;
  readonly what: readonly string[];
}

/** Milliseconds that a step of a path may take on a machine that does much else; on a free one it takes a few seconds. */
export const patience = 240_000;

/** A person at a page: what they press, what they see, and whether anything moved under their eyes. */
export interface Walk extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: readonly string[];
  press(...keys: readonly string[]): Promise<void>;
  type(text: string): Promise<void>;
  /** A picture of this step, to be looked at: `test-results/paths/PERSON-NN-STEP.png`. */
  picture(step: string): Promise<void>;
  /** All that moved since it was last asked, also right after a key was pressed. */
  shifts(): Promise<readonly Shift[]>;
}

/** Opens a page as a person does. */
export async function walk(browser: Browser, person: string, url: string): Promise<Walk> {
  const context = await browser.newContext({
    bypassCSP: true,
    viewport: { width: 1280, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  await page.addInitScript(`
    window.shiftsSeen = [];
    const where = (node) => {
      const element = node instanceof Element ? node : node?.parentElement;
      if (element == null) return "gone";
      const block = element.closest("[data-block]")?.dataset.block;
      return (block === undefined ? "" : block + " ") + element.tagName.toLowerCase() + "." + element.classList.value;
    };
    const observer = new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries())
        window.shiftsSeen.push({ value, what: sources.map(({ node, previousRect, currentRect }) =>
          where(node) + " " + [previousRect, currentRect].map(({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(",")).join(" → ")) });
    });
    observer.observe({ type: "layout-shift", buffered: true });
    window.takeShifts = () => {
      observer.takeRecords().forEach(({ value }) => window.shiftsSeen.push({ value, what: [] }));
      return window.shiftsSeen.splice(0);
    };
  `);
  const complaints = complaintsOf(page);
  let pictures = 0;
  await page.goto(url);
  return {
    page,
    complaints,
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key);
    },
    type: (text) => page.keyboard.type(text),
    async picture(step) {
      pictures += 1;
      const name = `${person}-${String(pictures).padStart(2, "0")}-${step}.png`;
      await page.screenshot({ path: join("test-results/paths", name) });
    },
    shifts: () => page.evaluate<Shift[]>("window.takeShifts()"),
    [Symbol.asyncDispose]: () => context.close(),
  };
}
