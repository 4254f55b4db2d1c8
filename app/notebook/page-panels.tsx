import { useSearchParams } from "@solidjs/router";
import { lazy, onCleanup, onMount, Show, Suspense } from "solid-js";
import { listenToKeys } from "~/actions/listen-to-keys";
import { warmDialogs } from "~/ui/dialogs";
import { warmMenus } from "~/ui/menu";
import { PublishAsked } from "~/published/publish-asked";
import { goToAddress } from "./go-to-address";
import { useNotebook } from "./notebook-context";
import { keepWindowTitle } from "./page-title";
import { useHands } from "./use-hands";

const CommandPalette = lazy(async () => ({ default: (await import("~/actions/command-palette")).CommandPalette }));
const HelpDialog = lazy(async () => ({ default: (await import("~/actions/help-dialog")).HelpDialog }));
const FindPanel = lazy(async () => ({ default: (await import("./find-panel")).FindPanel }));
const ProblemsPanel = lazy(async () => ({ default: (await import("./problems-panel")).ProblemsPanel }));
const ValuesPanel = lazy(async () => ({ default: (await import("./values-panel")).ValuesPanel }));

/** What opens over a notebook's document. While it is there, keys do their actions, and the window's title tells of runs. */
export function PagePanels() {
  const context = useNotebook();
  const { store, page } = context;
  const { actionContext } = useHands();
  const [params] = useSearchParams<{ at?: string }>();
  onMount(() => {
    // A link to a result.
    if (params.at !== undefined) goToAddress(params.at, context);
    onCleanup(listenToKeys(actionContext));
    page.setListening(true);
    // What the first menu or question is drawn with is there before it is asked for.
    const timer = setTimeout(() => {
      warmMenus();
      warmDialogs();
    }, 1_000);
    onCleanup(() => clearTimeout(timer));
  });
  keepWindowTitle(() => ({ title: store.view.head.head.title, runs: Object.values(store.view.runs) }));
  return (
    <Suspense>
      <Show when={page.panel() === "find"}>
        <FindPanel />
      </Show>
      <Show when={page.panel() === "problems"}>
        <ProblemsPanel />
      </Show>
      <Show when={page.panel() === "values"}>
        <ValuesPanel />
      </Show>
      <Show when={page.panel() === "palette"}>
        <CommandPalette context={actionContext} onClose={() => page.openPanel(null)} />
      </Show>
      <Show when={page.panel() === "help"}>
        <HelpDialog context={actionContext} onClose={() => page.openPanel(null)} />
      </Show>
      <PublishAsked />
    </Suspense>
  );
}
