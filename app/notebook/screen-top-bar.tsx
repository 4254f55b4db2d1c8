import { A } from "@solidjs/router";
import { createMemo, Show } from "solid-js";
import Minimize from "lucide-solid/icons/minimize-2";
import Play from "lucide-solid/icons/play";
import Square from "lucide-solid/icons/square";
import type { NodeView } from "#server/workbench/view.ts";
import { InspectorToggle } from "~/inspector/inspector-toggle";
import { estimateWords } from "~/money/estimate-words";
import { notebookAddress } from "./notebook-address";
import { useNotebook } from "./notebook-context";
import { Spending } from "./spending";
import { useHands } from "./use-hands";

/** The button that runs what has the whole page. */
interface ScreenRun {
  readonly word: string;
  /** What it does, until it is known what that costs. */
  readonly tip: string;
  /** What the run is called. */
  readonly title: string;
  readonly isPrimary: boolean;
  /** The keys that do the same. */
  readonly keys?: string;
}

/** What stands over what has the whole page: where one is, what it costs, its runs, and the way back. */
export function ScreenTopBar(props: {
  /** What is shown, after the notebook's title. */
  readonly place: string;
  readonly note?: string;
  /** What is run; none where what is to be shown is not there. */
  readonly nodes: readonly NodeView[];
  readonly run: ScreenRun;
}) {
  const { store, actions } = useNotebook();
  const { estimates } = useHands();
  const running = createMemo(() => props.nodes.find(({ progress }) => progress !== null)?.progress ?? null);
  const scope = createMemo(() => ({ type: "cells", cells: props.nodes.map(({ id }) => id) }) as const);
  const estimate = estimates.of(() => (props.nodes.length === 0 ? null : scope()));
  const words = () => {
    const known = estimate();
    return known === null ? null : estimateWords(known);
  };
  const figures = () => [words()?.calls, words()?.cost].filter((word) => word !== undefined && word !== "").join(" · ");
  const back = () => notebookAddress(store.path);
  return (
    <header class="top-bar">
      <h1 class="top-title">
        <A href={back()}>{store.view.head.head.title}</A> / {props.place}
      </h1>
      <Show when={props.note !== undefined}>
        <span class="top-note">{props.note}</span>
      </Show>
      <span class="spring" />
      <Spending />
      <Show
        when={running()}
        fallback={
          <button
            type="button"
            class="button"
            classList={{ primary: props.run.isPrimary }}
            data-tip={words()?.sentence ?? props.run.tip}
            data-keys={props.run.keys}
            disabled={props.nodes.length === 0}
            onClick={() => void actions.run({ scope: scope(), title: props.run.title, retryErrors: true })}
          >
            <Play /> {props.run.word}
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
