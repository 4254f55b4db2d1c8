import { createMemo, Show } from "solid-js";
import type { ResultView } from "#server/workbench/view.ts";
import { dollars } from "~/money/dollars";
import { duration } from "~/values/duration";
import { callTotals } from "./call-totals";

/** What an answer took: time, tokens, money, and whether it came from the journal; with `kept` its line is there before it has come. */
export function ResultFacts(props: { readonly result: Pick<ResultView, "calls" | "notes">; readonly kept: boolean }) {
  const totals = createMemo(() => callTotals(props.result.calls));
  return (
    <Show when={totals()} fallback={props.kept && <div class="result-facts" />}>
      {(now) => (
        <div class="result-facts">
          <span title="From sending to the end of the answer">{duration(now().latency)}</span>
          <Show when={now().input !== null && now().output !== null}>
            <span title="Tokens sent and answered">
              {now().input!.toLocaleString("en")} → {now().output!.toLocaleString("en")}
              <span class="visually-hidden"> tokens</span>
            </span>
          </Show>
          <span
            title={now().cached ? "What the call cost when it was made; this time it was free" : "What its calls cost"}
          >
            {dollars(now().cost)}
          </span>
          <Show when={now().cutOff}>
            <span class="cut-off" title="It ended at the most tokens it may have: raise “Most tokens” for all of it">
              cut off
            </span>
          </Show>
          <Show when={(props.result.notes?.comments.length ?? 0) > 0}>
            <span title="Comments">
              {props.result.notes!.comments.length} {props.result.notes!.comments.length === 1 ? "comment" : "comments"}
            </span>
          </Show>
        </div>
      )}
    </Show>
  );
}
