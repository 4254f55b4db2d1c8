import { A } from "@solidjs/router";
import { Show } from "solid-js";
import Minimize from "lucide-solid/icons/minimize-2";
import Play from "lucide-solid/icons/play";
import Square from "lucide-solid/icons/square";
import { InspectorToggle } from "~/inspector/inspector-toggle";
import { estimateWords } from "~/money/estimate-words";
import { notebookAddress } from "~/notebook/notebook-address";
import { useNotebook } from "~/notebook/notebook-context";
import { Spending } from "~/notebook/spending";
import { useHands } from "~/notebook/use-hands";

/** What stands over a comparison: where one is, what asking all variants costs, and the way back. */
export function CompareTopBar(props: { readonly node: string }) {
  const { store, actions } = useNotebook();
  const { estimates } = useHands();
  const node = () => store.view.nodes[props.node];
  const scope = () => ({ type: "cells", cells: [props.node] }) as const;
  const estimate = estimates.of(() => (node() === undefined ? null : scope()));
  const words = () => {
    const known = estimate();
    return known === null ? null : estimateWords(known);
  };
  const figures = () => [words()?.calls, words()?.cost].filter((word) => word !== undefined && word !== "").join(" · ");
  const back = () => notebookAddress(store.path);
  return (
    <header class="top-bar">
      <h1 class="top-title">
        <A href={back()}>{store.view.head.head.title}</A> / compare {props.node}
      </h1>
      <span class="spring" />
      <Spending />
      <Show
        when={node()?.progress}
        fallback={
          <button
            type="button"
            class="button primary"
            data-tip={words()?.sentence ?? "Asks every variant that has no current answer"}
            data-keys="Mod+Enter"
            disabled={node() === undefined}
            onClick={() => void actions.run({ scope: scope(), title: `comparing ${props.node}`, retryErrors: true })}
          >
            <Play /> Ask all
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
