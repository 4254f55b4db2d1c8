import { createMemo, Show } from "solid-js";
import Play from "lucide-solid/icons/play";
import Square from "lucide-solid/icons/square";
import { dollars } from "~/money/dollars";
import { useNotebook } from "./notebook-context";

/** The notebook's title, whether it is saved, what was spent today, and its runs. */
export function TopBar() {
  const { store, actions, drafts } = useNotebook();
  const head = () => store.view.head.head;
  const draftsState = () => ({ unsaved: drafts.unsaved(), stuck: drafts.stuck() });
  const running = createMemo(() =>
    Object.values(store.view.runs).filter((run) => run.outcome === null && !run.automatic),
  );
  return (
    <header class="top-bar">
      <h1 class="top-title">{head().title}</h1>
      <span class="top-note" role="status">
        {savedWord({ ...draftsState(), connected: store.connected(), written: head().savedAt !== null })}
      </span>
      <span class="spring" />
      <span class="top-note" title="Spent by calls of this workspace since midnight">
        {dollars(head().spentToday)} today{head().unpricedToday > 0 ? `, ${head().unpricedToday} calls unpriced` : ""}
      </span>
      <Show
        when={running()[0]}
        fallback={
          <button
            type="button"
            class="button primary"
            onClick={() => void actions.run({ scope: { type: "stale" }, title: "all that is stale" })}
          >
            <Play /> Run stale
          </button>
        }
      >
        {(run) => (
          <button type="button" class="button" onClick={() => void actions.cancel(run().id)}>
            <Square /> Stop
          </button>
        )}
      </Show>
    </header>
  );
}

interface Saving {
  readonly connected: boolean;
  readonly written: boolean;
  readonly unsaved: boolean;
  readonly stuck: boolean;
}

function savedWord({ connected, written, unsaved, stuck }: Saving): string {
  if (!connected) return unsaved ? "reconnecting … what you type is kept here" : "reconnecting …";
  if (stuck) return "not saved: a cell was changed elsewhere or is not taken";
  return unsaved || !written ? "saving …" : "saved";
}
