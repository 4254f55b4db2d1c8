import { createMemo, Show } from "solid-js";
import ChevronDown from "lucide-solid/icons/chevron-down";
import CircleAlert from "lucide-solid/icons/circle-alert";
import Play from "lucide-solid/icons/play";
import Square from "lucide-solid/icons/square";
import { notebookMenu, runMenu } from "~/actions/menus";
import { openRuns, runProblem } from "~/actions/action-context";
import { estimateWords, plural, type EstimateWords } from "~/money/estimate-words";
import { PublishButton } from "~/published/publish-button";
import { MenuButton } from "~/ui/menu-button";
import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";
import { problemsOf } from "./problems";
import { RunningStep } from "./running-step";
import { Spending } from "./spending";
import "./top-tools.css";

/** What is wrong in the notebook, what was spent, its runs, and what can be done with all of it. */
export function TopTools() {
  const { store, page } = useNotebook();
  const { actionContext, estimates } = useHands();
  const running = createMemo(() => openRuns(store)[0]);
  const estimate = estimates.of(() => (running() === undefined ? { type: "stale" } : null));
  const words = () => {
    const known = estimate();
    return known === null ? null : estimateWords(known);
  };
  const menu = async (at: Element, title: string, ids: readonly string[]): Promise<void> => {
    const { openActionMenu } = await import("~/actions/action-menu");
    await openActionMenu(at, title, ids, actionContext);
  };
  const problems = createMemo(() => problemsOf(store.view));
  const errors = () => problems().filter(({ severity }) => severity === "error").length;
  return (
    <>
      <Show when={problems().length > 0}>
        <button
          type="button"
          class="problem-count"
          classList={{ bad: errors() > 0 }}
          aria-expanded={page.panel() === "problems"}
          data-tip="What is wrong in the notebook"
          data-keys="g e"
          onClick={() => page.openPanel(page.panel() === "problems" ? null : "problems")}
        >
          <CircleAlert /> {errors() > 0 ? plural(errors(), "error") : plural(problems().length, "warning")}
        </button>
      </Show>
      <span class="spring" />
      <Show when={running()}>{(run) => <RunningStep run={run()} />}</Show>
      <Spending />
      <span class="button-pair">
        <Show when={running()} fallback={<RunStale words={words()} />}>
          {(run) => <StopButton run={run().id} />}
        </Show>
        <button
          type="button"
          class="button"
          classList={{ primary: running() === undefined && figuresOf(words()) !== "" }}
          aria-label="Other runs"
          aria-haspopup="menu"
          data-tip="Other runs"
          onClick={(event) => void menu(event.currentTarget, "Run", runMenu)}
        >
          <ChevronDown />
        </button>
      </span>
      {/* Right of what changes its width: it stays under the pointer. */}
      <PublishButton />
      <MenuButton
        label="More for this page"
        tip="All that can be done"
        open={(at) => void menu(at, "Notebook", notebookMenu)}
      />
    </>
  );
}

function StopButton(props: { readonly run: string }) {
  const { actions } = useNotebook();
  return (
    <button
      type="button"
      class="button"
      data-tip="Stop what runs; what is done is kept"
      data-keys="Mod+."
      onClick={() => void actions.cancel(props.run)}
    >
      <Square /> Stop
    </button>
  );
}

/** Runs what is stale, and says what that would send and cost. */
function RunStale(props: { readonly words: EstimateWords | null }) {
  const { actionContext, act } = useHands();
  const figures = () => figuresOf(props.words);
  return (
    <button
      type="button"
      class="button"
      classList={{ primary: figures() !== "" }}
      disabled={runProblem(actionContext()) !== null}
      data-tip={runProblem(actionContext()) ?? props.words?.sentence ?? "Runs all that is stale"}
      data-keys="Mod+Shift+Enter"
      onClick={() => act("run.stale")}
    >
      <Play /> Run stale
      <Show when={figures()}>{(text) => <small>{text()}</small>}</Show>
    </button>
  );
}

/** `12 · ≈ $0.04`; empty where nothing would be sent. */
function figuresOf(words: EstimateWords | null): string {
  return [words?.calls ?? "", words?.cost ?? ""].filter((part) => part !== "").join(" · ");
}
