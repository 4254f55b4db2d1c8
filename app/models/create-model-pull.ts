import { createSignal, onCleanup } from "solid-js";
import type { PullEvent } from "#server/api/models-router.ts";
import type { CellError } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";

export type PullStep = Extract<PullEvent, { readonly type: "progress" }> | "beginning";

/** The fetching of a model's file: how far it is, and what went wrong; `ended` is called however it ended. */
export function createModelPull(ended: () => void) {
  const [step, setStep] = createSignal<PullStep | null>(null);
  const [problem, setProblem] = createSignal<CellError | null>(null);
  let leave = (): void => {};
  onCleanup(() => leave());

  const end = (error: CellError | null): void => {
    leave = () => {};
    setStep(null);
    setProblem(error);
    ended();
  };
  return {
    step,
    problem,
    setProblem,
    start(model: string): void {
      setProblem(null);
      setStep("beginning");
      const pull = api.models.pull.subscribe(
        { model },
        {
          onData(event) {
            if (event.type === "progress") setStep(event);
            else end(event.type === "failed" ? event.error : null);
          },
          onError: (thrown) => end(problemOf(thrown)),
        },
      );
      leave = () => pull.unsubscribe();
    },
    stop(): void {
      leave();
      end(null);
    },
  };
}
