import { createMemo, For, onMount, Show } from "solid-js";
import X from "lucide-solid/icons/x";
import { plural } from "~/money/estimate-words";
import { blockElement } from "./block-element";
import { moveAmongButtons } from "./move-among-buttons";
import { asSentence } from "~/ui/as-sentence";
import { CodeWords } from "~/ui/code-words";
import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";
import { problemsOf, type Problem } from "./problems";
import "./side-panel.css";

/** All that is wrong in the notebook; choosing one goes there. */
export function ProblemsPanel() {
  const { store, page } = useNotebook();
  const { actionContext } = useHands();
  const problems = createMemo(() => problemsOf(store.view));
  let list!: HTMLDivElement;
  onMount(() => (list.querySelector("button") ?? list).focus());
  const close = (): void => {
    page.openPanel(null);
    actionContext().page.focus("document");
  };
  function go({ block }: Problem): void {
    if (block === null) document.querySelector(".document")?.scrollTo({ top: 0 });
    else actionContext().page.show(block, { flash: true });
  }
  return (
    <section
      class="side-panel"
      aria-label="Problems"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <header>
        <h2>{problems().length === 0 ? "No problems" : plural(problems().length, "problem")}</h2>
        <span class="spring" />
        <button type="button" class="icon-button" aria-label="Close the problems" onClick={close}>
          <X />
        </button>
      </header>
      <div class="side-list" ref={list} tabIndex={-1} onKeyDown={moveAmongButtons}>
        <For each={problems()} fallback={<p class="dim">Nothing is wrong in this notebook.</p>}>
          {(problem) => (
            <button
              type="button"
              class="problem-line"
              classList={{ warning: problem.severity === "warning" }}
              onPointerEnter={() => page.mark(problem.block)}
              onPointerLeave={() => page.mark(null)}
              onClick={() => go(problem)}
            >
              <b>
                <span aria-hidden="true">{problem.severity === "error" ? "✕" : "!"}</span>{" "}
                <span class="visually-hidden">{problem.severity}: </span>
                {problem.subject}
                <Show when={problem.line !== null && (problem.block === null || blockElement(problem.block) === null)}>
                  <small> line {problem.line}</small>
                </Show>
              </b>
              <span>
                <CodeWords text={asSentence(problem.message)} />
              </span>
              <Show when={problem.cure}>
                {(cure) => (
                  <small>
                    <CodeWords text={cure()} />
                  </small>
                )}
              </Show>
            </button>
          )}
        </For>
      </div>
    </section>
  );
}
