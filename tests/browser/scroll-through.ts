import type { Page, Request } from "playwright-core";

/** How long rows in sight stayed blank, a time for the wheel and one a jump, and how long the bare mechanism took between the jumps. */
export interface ScrollTimes {
  /** Milliseconds, the median of the jumps and the longest of all. */
  readonly blank: { readonly median: number; readonly longest: number };
  /** Milliseconds in which two pages are fetched at once and two frames painted, in the same run. */
  readonly bare: { readonly median: number; readonly longest: number };
}

/** Scrolls a sheet's grid by the wheel, and then by jumps as with the scrollbar, to its end and back. */
export async function scrollThrough(page: Page, notebook: string, sheet: string): Promise<ScrollTimes> {
  return page.evaluate<ScrollTimes>(`(async () => {
    const scroller = document.querySelector("[role=grid]");
    const body = scroller.getBoundingClientRect();
    const isBlank = () => [...scroller.querySelectorAll("[role=row] .sheet-wait")].some((wait) => {
      const { top, bottom, height } = wait.getBoundingClientRect();
      return height > 0 && bottom > body.top + 80 && top < body.bottom;
    });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const bare = async (from) => {
      const began = performance.now();
      const asked = (first) => ({ path: ${JSON.stringify(notebook)}, sheet: ${JSON.stringify(sheet)}, view: { filters: [], sort: [], search: "" }, from: first, to: first + 128 });
      const fetched = (first) => fetch("/api/trpc/sheet.rows?bare&input=" + encodeURIComponent(JSON.stringify(asked(first)))).then((answer) => answer.text());
      await Promise.all([fetched(from), fetched(from + 128)]);
      await frame();
      await frame();
      return performance.now() - began;
    };
    /** Until nothing in sight is blank, as one sees it. */
    const filled = async () => {
      const began = performance.now();
      let shown = began;
      for (let calm = 0; calm < 3; ) {
        await frame();
        if (isBlank()) { shown = performance.now(); calm = 0; } else calm += 1;
        if (performance.now() - began > 20_000) break;
      }
      return shown - began;
    };
    let since = null;
    let wheel = 0;
    for (let step = 0; step < 60; step += 1) {
      scroller.scrollTop += 400;
      await frame();
      since = isBlank() ? (since ?? performance.now()) : null;
      if (since !== null) wheel = Math.max(wheel, performance.now() - since);
    }
    await filled();
    const blanks = [];
    const bares = [];
    for (const [index, part] of [0.2, 0.5, 0.9, 1, 0.6, 0.1, 0].entries()) {
      scroller.scrollTop = part * scroller.scrollHeight;
      blanks.push(await filled());
      bares.push(await bare(3_000 + index * 256));
    }
    const median = (times) => times.toSorted((left, right) => left - right)[times.length >> 1];
    return { blank: { median: median(blanks), longest: Math.max(wheel, ...blanks) }, bare: { median: median(bares), longest: Math.max(...bares) } };
  })()`);
}

/** What a page reads of its sheets' rows from now on. */
export interface RowReads {
  /** The first rows of the pages that were asked for. */
  readonly asked: readonly number[];
  /** Of them those that had been read to their end before. */
  readonly again: readonly number[];
}

/** Watches which pages of rows are read; the bare ones of `scrollThrough` do not count. */
export function watchRowReads(page: Page): RowReads {
  const asked: number[] = [];
  const again: number[] = [];
  const done = new Set<number>();
  const fromOf = (request: Request): number | null => {
    const { pathname, searchParams } = new URL(request.url());
    if (!pathname.endsWith("/sheet.rows") || searchParams.has("bare")) return null;
    // What is asked stands in the body, or in the address where it is short.
    const input = request.postData() ?? searchParams.get("input")!;
    return (JSON.parse(input) as { readonly from: number }).from;
  };
  page.on("request", (request) => {
    const from = fromOf(request);
    if (from === null) return;
    asked.push(from);
    if (done.has(from)) again.push(from);
  });
  page.on("requestfinished", (request) => {
    const from = fromOf(request);
    if (from !== null) done.add(from);
  });
  return { asked, again };
}
