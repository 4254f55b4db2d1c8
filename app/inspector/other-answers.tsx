import { createMemo, createResource, createSignal, For, Show } from "solid-js";
import type { ResultDetail } from "#server/runner/result-detail.ts";
import { api } from "~/api";
import { dollars } from "~/money/dollars";
import { useNotebook } from "~/notebook/notebook-context";
import { moment } from "~/values/moment";
import { DiffView } from "./diff-view";
import { isSameText } from "./word-diff";

/** The other answers at an address, each with what differs from the one that is shown; any of them can be shown instead. */
export function OtherAnswers(props: { readonly address: string; readonly details: ResultDetail | undefined }) {
  const { store, actions } = useNotebook();
  const [compared, setCompared] = createSignal<string | null>(null);
  const source = () =>
    props.details === undefined || props.details.calls.length === 0
      ? null
      : { address: props.address, version: JSON.stringify([props.details.at, props.details.notes]) };
  const [answers] = createResource(source, ({ address }) =>
    api.notebook.alternatives.query({ path: store.path, address }),
  );
  const known = () => answers.latest ?? [];
  const shown = createMemo(() => known().find((one) => one.shown));
  const others = createMemo(() => known().filter((one) => !one.shown));
  return (
    <Show when={others().length > 0}>
      <h3>{others().length === 1 ? "another answer" : `${others().length} other answers`} at this address</h3>
      <ul class="answers">
        <For each={others()}>
          {(other) => {
            const same = () => isSameText(other.text, shown()?.text ?? "");
            return (
              <li class="answer">
                <p class="answer-text">{other.text.trim() === "" ? "(nothing)" : other.text.trim()}</p>
                <div class="answer-foot">
                  <span>{moment(other.sentAt)}</span>
                  <span>{dollars(other.cost)}</span>
                  <span class="spring" />
                  <Show when={!same()} fallback={<span>the same</span>}>
                    <button
                      type="button"
                      class="link"
                      aria-expanded={compared() === other.answer}
                      onClick={() => setCompared((before) => (before === other.answer ? null : other.answer))}
                    >
                      {compared() === other.answer ? "hide the difference" : "difference"}
                    </button>
                  </Show>
                  <button type="button" class="link" onClick={() => void actions.choose(props.address, other.answer)}>
                    show this one
                  </button>
                </div>
                <Show when={compared() === other.answer}>
                  <DiffView before={other.text} after={shown()?.text ?? ""} words={["this answer", "the one shown"]} />
                </Show>
              </li>
            );
          }}
        </For>
      </ul>
      <Show when={props.details?.notes?.chosen !== undefined}>
        <button type="button" class="link" onClick={() => void actions.choose(props.address, null)}>
          show the newest again
        </button>
      </Show>
    </Show>
  );
}
