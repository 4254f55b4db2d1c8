import { A } from "@solidjs/router";
import { createMemo, Show } from "solid-js";
import Minimize from "lucide-solid/icons/minimize-2";
import Play from "lucide-solid/icons/play";
import Square from "lucide-solid/icons/square";
import { estimateWords } from "~/money/estimate-words";
import { notebookAddress } from "~/notebook/notebook-address";
import { useNotebook } from "~/notebook/notebook-context";
import { useHands } from "~/notebook/use-hands";
import { Spending } from "~/notebook/spending";
import { isDue } from "./due-results";
import { InspectorToggle } from "~/inspector/inspector-toggle";

/** What stands over a sheet that has the whole page: where one is, what it costs, its runs, and the way back. */
export function SheetTopBar(props: { readonly sheet: string }) {
  const { store, actions } = useNotebook();
  const { estimates } = useHands();
  const sheet = () => store.view.sheets[props.sheet];
  /** What is computed: labels are entered. */
  const nodes = () =>
    (sheet()?.columns ?? []).flatMap((id) => store.view.nodes[id] ?? []).filter(({ kind }) => kind !== "label");
  const running = createMemo(() => nodes().find(({ progress }) => progress !== null)?.progress ?? null);
  const scope = createMemo(() => ({ type: "cells", cells: nodes().map(({ id }) => id) }) as const);
  const estimate = estimates.of(() => (nodes().length === 0 ? null : scope()));
  const words = () => {
    const known = estimate();
    return known === null ? null : estimateWords(known);
  };
  const figures = () => [words()?.calls, words()?.cost].filter((word) => word !== undefined && word !== "").join(" · ");
  const hasDue = createMemo(() => nodes().some(({ name }) => (sheet()?.counts[name] ?? []).some(isDue)));
  const back = () => notebookAddress(store.path);
  const rows = () => {
    const now = sheet();
    if (now?.rowCount == null) return "";
    return `${now.rowCount.toLocaleString("en")} ${now.rowCount === 1 ? "row" : "rows"} of ${now.rows ?? "nothing"}`;
  };
  return (
    <header class="top-bar">
      <h1 class="top-title">
        <A href={back()}>{store.view.head.head.title}</A> / {props.sheet}
      </h1>
      <span class="top-note">{rows()}</span>
      <span class="spring" />
      <Spending />
      <Show
        when={running()}
        fallback={
          <button
            type="button"
            class="button"
            classList={{ primary: hasDue() }}
            data-tip={words()?.sentence ?? "Runs all of the sheet that is stale or never ran"}
            disabled={nodes().length === 0}
            onClick={() =>
              void actions.run({ scope: scope(), title: `${props.sheet}: all that is stale`, retryErrors: true })
            }
          >
            <Play /> Run stale
            <Show when={figures() !== ""}>
              <small>{figures()}</small>
            </Show>
          </button>
        }
      >
        {(now) => (
          <button type="button" class="button" onClick={() => void actions.cancel(now().run)}>
            <Square /> Stop
          </button>
        )}
      </Show>
      <InspectorToggle />
      <A class="icon-button" href={back()} aria-label="Back to the document" data-tip="Back to the document">
        <Minimize />
      </A>
    </header>
  );
}
