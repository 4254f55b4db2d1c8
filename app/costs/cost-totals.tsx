import { A } from "@solidjs/router";
import { Show, type JSX } from "solid-js";
import type { CostFigures } from "#server/tables/call-store.ts";
import { dollars } from "~/money/dollars";
import { countText, durationText } from "~/ui/words";
import { callsPath, type CostAddress } from "./cost-question";
import { spentText } from "./spent-text";

/** What all the calls came to; each figure opens the calls it is made of. */
export function CostTotals(props: { readonly total: CostFigures; readonly address: CostAddress }) {
  const tokens = (count: number) => count.toLocaleString("en", { notation: "compact", maximumFractionDigits: 1 });
  const path = (figure: Parameters<typeof callsPath>[1]) => callsPath(props.address, figure);
  const percent = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;
  return (
    <dl class="cost-totals">
      <Total term="spent" href={path({ order: "dearest" })} figure={spentText(props.total)}>
        <Show when={props.total.unpriced > 0}>
          <A class="cost-unpriced" href={path({ kind: "unpriced" })}>
            and {countText(props.total.unpriced, "call")} of unknown price
          </A>
        </Show>
      </Total>
      <Total term="calls" href={path({})} figure={props.total.calls.toLocaleString("en")}>
        <Show when={props.total.failed > 0}>
          <A class="cost-failed" href={path({ kind: "failed" })}>
            {props.total.failed.toLocaleString("en")} without a good end
          </A>
        </Show>
      </Total>
      <Total term="tokens in" href={path({})} figure={tokens(props.total.input)}>
        <Show when={props.total.cachedInput > 0}>
          <A class="cost-figure" href={path({})}>
            {percent(props.total.cachedInput, props.total.input)} from the provider's cache
          </A>
        </Show>
      </Total>
      <Total term="tokens out" href={path({})} figure={tokens(props.total.output)}>
        <Show when={props.total.reasoning > 0}>
          <A class="cost-figure" href={path({})}>
            {percent(props.total.reasoning, props.total.output)} of them thought
          </A>
        </Show>
      </Total>
      <Total
        term="time of a call"
        href={path({ order: "slowest" })}
        figure={props.total.latency === null ? "–" : durationText(props.total.latency.median)}
      >
        <Show when={props.total.latency}>
          {(latency) => (
            <A class="cost-figure" href={path({ order: "slowest" })}>
              95 in 100 under {durationText(latency().p95)}, 99 under {durationText(latency().p99)}
            </A>
          )}
        </Show>
      </Total>
      <Total term="came free" href={path({ kind: "free" })} figure={props.total.free.answers.toLocaleString("en")}>
        <Show when={props.total.free.answers > 0} fallback="no answer came from the journal">
          <A class="cost-figure" href={path({ kind: "free" })}>
            {savedText(props.total.free)}
          </A>
        </Show>
      </Total>
    </dl>
  );
}

/** What free answers would have cost. */
function savedText({ cost, unpriced }: CostFigures["free"]): string {
  const unknown = unpriced === 0 ? "" : `, and ${countText(unpriced, "answer")} of unknown price`;
  if (cost === 0)
    return unpriced === 0
      ? "sending them again would cost nothing"
      : `${countText(unpriced, "answer")} of unknown price`;
  return `${dollars(cost)} saved${unknown}`;
}

function Total(props: {
  readonly term: string;
  readonly figure: string;
  readonly href: string;
  readonly children?: JSX.Element;
}) {
  return (
    <div>
      <dt>{props.term}</dt>
      <dd>
        <A class="cost-figure" href={props.href}>
          {props.figure}
        </A>
        <small>{props.children}</small>
      </dd>
    </div>
  );
}
