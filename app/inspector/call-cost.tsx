import { createMemo, For, Show } from "solid-js";
import type { CallDetail } from "#server/runner/call-detail.ts";
import type { Datum } from "#server/notebook/value.ts";
import { dollars } from "~/money/dollars";
import { priceWords } from "./price-words";

/** What a call cost, and how that was worked out. */
export function CallCost(props: { readonly call: CallDetail }) {
  const words = createMemo(() => priceWords(props.call.journal?.price ?? null, props.call.usage));
  return (
    <div class="cost">
      <Show when={words().lines.length > 0}>
        <table>
          <tbody>
            <For each={words().lines}>
              {({ what, tokens, rate }) => (
                <tr>
                  <td class="right">{tokens.toLocaleString("en")}</td>
                  <td>{what}</td>
                  <td class="right">{rate === null ? "by its steps" : `× $${rate}`}</td>
                  <td class="right">{rate === null ? "" : dollars((tokens * rate) / 1_000_000)}</td>
                </tr>
              )}
            </For>
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={3}>a million tokens each</td>
              <td class="right">
                <b>{dollars(props.call.cost)}</b>
              </td>
            </tr>
          </tfoot>
        </table>
      </Show>
      <Show when={words().lines.length === 0}>
        <p>
          <b>{dollars(props.call.cost)}</b>
        </p>
      </Show>
      <p class="dim">
        {words().source}
        {words().uncertain === undefined ? "" : ` ${words().uncertain}`}
        {isOfBatch(props.call.journal?.price) ? " It was sent in a batch, for half of that." : ""}
        {props.call.cached ? " This time it came from the journal and cost nothing." : ""}
      </p>
    </div>
  );
}

/** Whether a price is that of a request of a batch. */
function isOfBatch(price: Datum | undefined): boolean {
  return typeof price === "object" && price !== null && "batch" in price;
}
