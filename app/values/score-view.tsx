import { For, Show } from "solid-js";
import type { Score } from "#server/notebook/value.ts";
import type { ValuePart } from "./value-view";
import { numberText } from "./value-summary";
import { Verdict } from "./verdict";
import "./score-view.css";

/** A score with its verdict and reason, and below it the checks it came of. */
export function ScoreView(props: ValuePart<"score">) {
  const checks = () => Object.entries(props.value.value.checks ?? {});
  return (
    <div class="score">
      <ScoreLine score={props.value.value} name={null} />
      <Show when={checks().length > 0}>
        <ul class="score-checks" aria-label="Checks">
          <For each={checks()}>
            {([name, score]) => (
              <li>
                <ScoreLine score={score} name={name} />
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
}

function ScoreLine(props: { readonly score: Score; readonly name: string | null }) {
  const verdict = () => (props.score.pass === null ? "open" : props.score.pass ? "pass" : "fail");
  return (
    <div class="score-line">
      <Show when={props.score.pass !== null}>
        <Verdict verdict={verdict()} quiet={props.name !== null} />
      </Show>
      <Show when={props.name}>{(name) => <code>{name()}</code>}</Show>
      <b>{props.score.score === null ? "unscored" : numberText(props.score.score)}</b>
      <span class="dim">{props.score.reason}</span>
    </div>
  );
}
