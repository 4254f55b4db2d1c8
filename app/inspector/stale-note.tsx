import { createMemo, createResource, Index, Show } from "solid-js";
import Contrast from "lucide-solid/icons/contrast";
import { parseAddress } from "#server/notebook/address.ts";
import type { NodeView, ResultView } from "#server/workbench/view.ts";
import { api } from "~/api";
import { estimateWords, type EstimateView } from "~/money/estimate-words";
import { useNotebook } from "~/notebook/notebook-context";
import { goToName } from "./go-to-name";
import { staleReasons } from "./stale-reasons";

/** Why a result is stale, what it would take to bring it up to date, and the button that does. */
export function StaleNote(props: {
  readonly address: string;
  readonly reasons: readonly string[];
  readonly node: NodeView | undefined;
}) {
  const context = useNotebook();
  const { store, actions } = context;
  const reasons = createMemo(() => {
    const nodes = Object.fromEntries(
      Object.values(store.view.nodes).map(({ id, addresses }) => [
        id,
        { settled: addresses.every((each) => isSettled(store.view.results[each])) },
      ]),
    );
    return staleReasons(props.reasons, { inputs: store.view.head.head.inputs.map(({ name }) => name), nodes });
  });
  const scope = () => ({ type: "address" as const, address: parseAddress(props.address) });
  const calls = () => props.node?.effect === "model" || props.node?.effect === "paid";
  let asked: string | null = null;
  const [estimate] = createResource(
    // While it runs, the words stay that stood there.
    (): string | null =>
      calls() && (props.node?.progress == null || asked !== null)
        ? (asked = props.node?.progress == null ? JSON.stringify([scope(), props.reasons]) : asked)
        : null,
    () => api.notebook.estimate.query({ path: store.path, scope: scope(), title: "" } as never),
  );
  return (
    <div class="why">
      <Contrast aria-hidden="true" />
      <div>
        <p>
          Stale:{" "}
          <Index each={reasons()} fallback="what it depends on changed">
            {(reason, index) => (
              <>
                {index === 0 ? "" : ", "}
                {reason().before}
                <Show when={reason().name}>
                  {(known) => (
                    <>
                      {reason().before === "" ? "" : " "}
                      <button type="button" class="why-name" onClick={() => goToName(known(), context)}>
                        {known()}
                      </button>
                    </>
                  )}
                </Show>
                {reason().after === "" ? "" : ` ${reason().after}`}
              </>
            )}
          </Index>
          {". "}
          <Show when={estimate.state === "ready" && estimate.latest}>{(now) => <>{priceOf(now())}</>}</Show>
        </p>
        <button
          type="button"
          class="button"
          disabled={props.node?.progress != null}
          onClick={() => void actions.run({ scope: scope(), title: props.address, retryErrors: true })}
        >
          Run it
        </button>
      </div>
    </div>
  );
}

function isSettled(result: ResultView | undefined): boolean {
  return result !== undefined && ["current", "locked", "edited"].includes(result.freshness.state);
}

/** What running it now would take. */
function priceOf(estimate: EstimateView): string {
  const { calls, sentence } = estimateWords(estimate);
  return calls === "" ? sentence : `Running it sends ${sentence}`;
}
