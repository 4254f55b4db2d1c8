import { A } from "@solidjs/router";
import { createMemo, lazy, Show, Suspense } from "solid-js";
import Minimize from "lucide-solid/icons/minimize-2";
import Play from "lucide-solid/icons/play";
import Square from "lucide-solid/icons/square";
import { dollars } from "~/money/dollars";
import { notebookAddress } from "~/notebook/notebook-address";
import { useNotebook } from "~/notebook/notebook-context";
import "./sheet-screen.css";

const SheetPanel = lazy(() => import("./sheet-panel").then(({ SheetPanel }) => ({ default: SheetPanel })));

/** A sheet over the whole page, as a spreadsheet. */
export function SheetScreen(props: { readonly sheet: string }) {
  const { store, actions } = useNotebook();
  const head = () => store.view.head.head;
  const sheet = () => store.view.sheets[props.sheet];
  /** What is computed: labels are entered. */
  const nodes = () =>
    (sheet()?.columns ?? []).flatMap((id) => store.view.nodes[id] ?? []).filter(({ kind }) => kind !== "label");
  const running = createMemo(() => nodes().find(({ progress }) => progress !== null)?.progress ?? null);
  const stale = createMemo(() => {
    const counts = nodes().flatMap(({ name }) => sheet()?.counts[name] ?? []);
    return counts.reduce(
      (sum, { counts: of }) =>
        sum + (of["stale-key"] ?? 0) + (of["stale-input"] ?? 0) + (of["stale-upstream"] ?? 0) + (of.never ?? 0),
      0,
    );
  });
  return (
    <div class="sheet-screen">
      <header class="top-bar">
        <h1 class="top-title">
          <A href={notebookAddress(store.path)}>{head().title}</A> / {props.sheet}
        </h1>
        <span class="top-note">
          {sheet()?.rowCount == null
            ? ""
            : `${sheet()!.rowCount!.toLocaleString("en")} rows of ${sheet()!.rows ?? "nothing"}`}
        </span>
        <span class="spring" />
        <span class="top-note" title="Spent by calls of this workspace since midnight">
          {dollars(head().spentToday)} today
        </span>
        <Show
          when={running()}
          fallback={
            <button
              type="button"
              class="button primary"
              disabled={stale() === 0}
              onClick={() =>
                void actions.run({
                  scope: { type: "cells", cells: nodes().map(({ id }) => id) },
                  rows: { [props.sheet]: { type: "stale" } },
                  title: `${props.sheet}: all that is stale or never ran`,
                })
              }
            >
              <Play /> Run stale <small>{stale().toLocaleString("en")}</small>
            </button>
          }
        >
          {(now) => (
            <button type="button" class="button" onClick={() => void actions.cancel(now().run)}>
              <Square /> Stop
            </button>
          )}
        </Show>
        <A
          class="icon-button"
          href={notebookAddress(store.path)}
          aria-label="Back to the document"
          title="Back to the document"
        >
          <Minimize />
        </A>
      </header>
      <Show
        when={sheet()}
        fallback={
          <div class="empty">
            <h2>There is no sheet {props.sheet}</h2>
            <p>
              It may have been renamed or removed: <A href={notebookAddress(store.path)}>go to the document</A>.
            </p>
          </div>
        }
      >
        <Suspense>
          <Show when={props.sheet} keyed>
            {(id) => <SheetPanel sheet={id} full />}
          </Show>
        </Suspense>
      </Show>
    </div>
  );
}
