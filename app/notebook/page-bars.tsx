import { lazy, Show, Suspense } from "solid-js";
import { useNotebook } from "./notebook-context";

const FileProblem = lazy(async () => ({ default: (await import("./file-problem")).FileProblem }));
const ProblemBox = lazy(async () => ({ default: (await import("~/ui/problem-box")).ProblemBox }));
const LostDrafts = lazy(async () => ({ default: (await import("~/editor/lost-drafts")).LostDrafts }));
const TrustBar = lazy(async () => ({ default: (await import("./trust-bar")).TrustBar }));
const RunConfirmation = lazy(async () => ({ default: (await import("./run-confirmation")).RunConfirmation }));

/** What a person has to answer before the notebook goes on, above the document. */
export function PageBars() {
  const { store, drafts } = useNotebook();
  const head = () => store.view.head.head;
  return (
    <Suspense>
      <Show when={head().isNotebook && !head().trusted}>
        <TrustBar />
      </Show>
      <Show when={store.problem()}>{(problem) => <ProblemBox error={problem()} />}</Show>
      <Show when={head().fileProblem !== null}>
        <FileProblem />
      </Show>
      <Show when={drafts.lost().length > 0}>
        <LostDrafts />
      </Show>
      <Show when={Object.values(store.view.runs).some(({ confirm }) => confirm !== null)}>
        <RunConfirmation />
      </Show>
    </Suspense>
  );
}
