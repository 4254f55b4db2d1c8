import { createMemo, Show } from "solid-js";
import type { RunView } from "#server/workbench/view.ts";
import { now as clock } from "~/ui/clock";
import { useNotebook } from "./notebook-context";
import { preparationWords } from "./preparation-words";
import { progressWords } from "./progress-words";

/** What a run is doing: the step that runs, how far it is, how fast, and how long yet. */
export function RunningStep(props: { readonly run: RunView }) {
  const { store } = useNotebook();
  const step = createMemo(() => {
    const own = Object.values(store.view.nodes).filter(({ progress }) => progress?.run === props.run.id);
    return own.find(({ progress }) => progress?.state === "running") ?? own[0];
  });
  const words = () => {
    const progress = step()?.progress ?? null;
    return progress === null ? null : progressWords(progress, clock());
  };
  const text = (): string => {
    if (props.run.confirm !== null) return "waits for a yes";
    if (step() === undefined) return `starting ${props.run.title} …`;
    const preparation = step()!.progress?.preparation ?? null;
    if (preparation !== null) return preparationWords(preparation);
    const { count = "", waits = "", rate = "", left = "" } = words() ?? {};
    return [`${step()!.id} ${count}`.trim(), waits, rate, left].filter((part) => part !== "").join(" · ");
  };
  return (
    <span class="running-step">
      <span class="running-words">{text()}</span>
      <Show when={words()?.part !== null && words()?.part !== undefined}>
        <span
          class="running-bar"
          role="progressbar"
          aria-label={step()?.id ?? props.run.title}
          aria-valuenow={Math.round(words()!.part! * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <span style={{ width: `${words()!.part! * 100}%` }} />
        </span>
      </Show>
    </span>
  );
}
