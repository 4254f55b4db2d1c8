import { expect, test, vi } from "vitest";
import type { NotebookView, ViewEvent } from "./view.ts";
import { sections } from "./view-changes.ts";
import { createViewFeed } from "./view-feed.ts";

/** A feed over one entry that tests change, and what one page hears. */
function feedOf(first = 100) {
  let value = 0;
  const build = (): NotebookView =>
    ({
      ...Object.fromEntries(sections.map((section) => [section, {}])),
      cells: { a: value },
    }) as unknown as NotebookView;
  const feed = createViewFeed(build, first);
  return {
    feed,
    set: (to: number) => void (value = to),
    change() {
      value += 1;
      feed.flush();
    },
    listen(since: number | null) {
      const leave = new AbortController();
      const events = feed.subscribe(since, leave.signal);
      const next = async (): Promise<ViewEvent> => (await events.next()).value as ViewEvent;
      return { next, leave: () => leave.abort(), events };
    },
  };
}

test("a page gets everything first, and then what changes", async () => {
  const { change, listen } = feedOf();
  const page = listen(null);
  expect(await page.next()).toMatchObject({ type: "snapshot", view: { cells: { a: 0 } } });
  change();
  expect(await page.next()).toMatchObject({ type: "changes", changes: [{ key: "a", value: 1 }] });
  page.leave();
  expect((await page.events.next()).done).toBe(true);
});

test("a feed that is closed ends for all who follow it, and tells nobody anything", async () => {
  const { feed, set, listen } = feedOf();
  const [page, other] = [listen(null), listen(null)];
  await page.next();
  await other.next();
  const waiting = page.events.next();
  feed.close();
  set(5);
  feed.changed();
  expect([(await waiting).done, (await other.events.next()).done]).toEqual([true, true]);
  expect((await listen(null).events.next()).done).toBe(true);
});

test("a page that was away hears what it missed and nothing twice", async () => {
  const { change, listen } = feedOf();
  const page = listen(null);
  const { sequence } = await page.next();
  change();
  change();
  page.leave();
  const again = listen(sequence);
  expect(await again.next()).toMatchObject({ type: "changes", sequence: sequence + 1 });
  expect(await again.next()).toMatchObject({ type: "changes", sequence: sequence + 2 });
});

test("a page that was away while nothing came hears that at once", async () => {
  const { change, listen } = feedOf();
  const page = listen(null);
  const { sequence } = await page.next();
  page.leave();
  const again = listen(sequence);
  expect(await again.next()).toEqual({ type: "changes", sequence, changes: [] });
  change();
  expect(await again.next()).toMatchObject({ sequence: sequence + 1, changes: [{ key: "a", value: 1 }] });
});

test("a page of an earlier start of the server, or one away for too long, gets everything anew", async () => {
  const { change, listen } = feedOf(1_000);
  const page = listen(null);
  const { sequence } = await page.next();
  expect(await listen(12).next()).toMatchObject({ type: "snapshot" });
  for (let round = 0; round < 500; round += 1) change();
  expect(await listen(sequence).next()).toMatchObject({ type: "snapshot", view: { cells: { a: 500 } } });
});

test("changes come together, at most twenty times a second, and the last of them in the end", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    const { feed, set, listen } = feedOf();
    const page = listen(null);
    const { sequence } = await page.next();
    // It listens from here on.
    const next = page.next();
    for (let millisecond = 1; millisecond <= 1_000; millisecond += 1) {
      set(millisecond);
      feed.changed();
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(50);
    let last = await next;
    let told = 1;
    const isLast = (event: ViewEvent): boolean =>
      event.type === "changes" && event.changes.some((change) => change.type === "set" && change.value === 1_000);
    for (; !isLast(last); told += 1) last = await page.next();
    expect(told).toBeLessThanOrEqual(21);
    expect(told).toBeGreaterThanOrEqual(19);
    expect(last.sequence).toBe(sequence + told);
  } finally {
    vi.useRealTimers();
  }
});
