import { createMemo, Show } from "solid-js";
import { dollars } from "~/money/dollars";
import { useNotebook } from "./notebook-context";

/** What a run would spend, asked before it does. */
export function RunConfirmation() {
  const { store, actions } = useNotebook();
  const asking = createMemo(() => Object.values(store.view.runs).find(({ confirm }) => confirm !== null));
  return (
    <Show when={asking()}>
      {(run) => {
        const known = () => run().confirm!.known;
        return (
          <div class="problem" role="alertdialog" aria-label="Confirm the cost" style={{ margin: "8px 20px 0" }}>
            <div>
              <strong>
                {known().calls} calls, {dollars(known().cost.low)}
                {known().cost.high === known().cost.low ? "" : ` to ${dollars(known().cost.high)}`}
              </strong>
              {run().confirm!.open > 0 ? `, and up to ${run().confirm!.open} more that depend on answers` : ""}.
            </div>
            <span class="spring" />
            <button type="button" class="button" onClick={() => void actions.confirm(run().id, false)}>
              Do not run
            </button>
            <button type="button" class="button primary" onClick={() => void actions.confirm(run().id, true)}>
              Run
            </button>
          </div>
        );
      }}
    </Show>
  );
}
