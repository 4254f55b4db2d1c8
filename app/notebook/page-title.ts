import { createEffect, onCleanup } from "solid-js";
import type { RunView } from "#server/workbench/view.ts";

/** What the window's title and picture say of runs. */
export interface TitleFacts {
  readonly title: string;
  readonly runs: readonly Pick<RunView, "id" | "automatic" | "startedAt" | "endedAt" | "outcome" | "confirm">[];
  /** Runs that ended while nobody looked, and took long enough to be waited for. */
  readonly unseen: readonly string[];
}

/** The window's title: what asks or ended stands first, since tabs show little. */
export function windowTitle({ title, runs, unseen }: TitleFacts): string {
  const name = `${title} — Sheaf`;
  if (runs.some(({ confirm }) => confirm !== null)) return `? ${name}`;
  if (runs.some(({ outcome, automatic }) => outcome === null && !automatic)) return `▸ ${name}`;
  const last = runs.findLast(({ id }) => unseen.includes(id));
  if (last === undefined) return name;
  return `${last.outcome === "done" ? "✓" : "!"} ${name}`;
}

/** Milliseconds a run takes to be one that is waited for. */
export const longRun = 5_000;

/** The runs that ended while the page was hidden after taking long, added to those known. */
export function newlyUnseen(
  runs: TitleFacts["runs"],
  before: ReadonlySet<string>,
  hiddenSince: number,
): readonly string[] {
  return runs.flatMap(({ id, automatic, startedAt, endedAt }) =>
    !automatic && endedAt !== null && endedAt >= hiddenSince && endedAt - startedAt >= longRun && !before.has(id)
      ? [id]
      : [],
  );
}

const picture = (dot: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 18 18" fill="none" stroke="#2f5bd3" stroke-width="1.7" stroke-linecap="round"><path d="M9 2v14M4 3c0 5 2 6 5 7M14 3c0 5-2 6-5 7M5.5 16h7"/>${dot}</svg>`,
  )}`;
const dots = { "✓": "#1b7a4b", "!": "#b3362b", "?": "#9a6400", "▸": "#2f5bd3" } as const;

/** Keeps the window's title and picture, for as long as the owner is there. */
export function keepWindowTitle(facts: () => Omit<TitleFacts, "unseen">): void {
  let unseen: readonly string[] = [];
  let hiddenSince = document.hidden ? Date.now() : Number.POSITIVE_INFINITY;
  const before = document.title;

  function show(): void {
    const now = facts();
    if (document.hidden) unseen = [...unseen, ...newlyUnseen(now.runs, new Set(unseen), hiddenSince)];
    const title = windowTitle({ ...now, unseen });
    document.title = title;
    const color = dots[title[0] as keyof typeof dots] as string | undefined;
    const dot = color === undefined ? "" : `<circle cx="14" cy="14" r="4" fill="${color}" stroke="none"/>`;
    document.querySelector<HTMLLinkElement>("link[rel=icon]")?.setAttribute("href", picture(dot));
  }
  const visible = (): void => {
    hiddenSince = document.hidden ? Date.now() : Number.POSITIVE_INFINITY;
    // What ended is seen now; until the page is left again the title says so.
    if (document.hidden) unseen = [];
    show();
  };
  createEffect(show);
  document.addEventListener("visibilitychange", visible);
  onCleanup(() => {
    document.removeEventListener("visibilitychange", visible);
    document.title = before;
    document.querySelector("link[rel=icon]")?.setAttribute("href", picture(""));
  });
}
