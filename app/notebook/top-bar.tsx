import { createMemo, Show } from "solid-js";
import Play from "lucide-solid/icons/play";
import Square from "lucide-solid/icons/square";
import { dollars } from "~/money/dollars";
import { PublishButton } from "~/published/publish-button";
import { usePageTitle } from "~/ui/page-title";
import { useNotebook } from "./notebook-context";

/** The notebook's title, whether it is saved, what was spent today, and its runs. */
export function TopBar() {
  const { store, actions } = useNotebook();
  const head = () => store.view.head.head;
  const running = createMemo(() =>
    Object.values(store.view.runs).filter((run) => run.outcome === null && !run.automatic),
  );
  usePageTitle(() => head().title);
  return (
    <header class="top-bar">
      <h1 class="top-title">{head().title}</h1>
      <span class="top-note" role="status">
        {!store.connected() ? "reconnecting …" : head().savedAt === null ? "saving …" : "saved"}
      </span>
      <span class="spring" />
      <span class="top-note" title="Spent by calls of this workspace since midnight">
        {dollars(head().spentToday)} today{head().unpricedToday > 0 ? `, ${head().unpricedToday} calls unpriced` : ""}
      </span>
      <PublishButton />
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
