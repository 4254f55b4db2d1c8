import { For, Show } from "solid-js";
import type { ValuePart } from "./value-view";
import { testFigures } from "./test-figures";
import { Verdict } from "./verdict";
import "./test-view.css";

/** A test: one line a check, with its verdict, what it says, and what both sides came to. */
export function TestView(props: ValuePart<"test">) {
  return (
    <ul class="test-lines" aria-label={`Test: ${props.value.value.verdict}`}>
      <For each={props.value.value.lines}>
        {(line) => (
          <li class={`test-line ${line.verdict}`}>
            <Verdict verdict={line.verdict} quiet />
            <code>{line.source === "" ? "no line" : line.source}</code>
            <span class="test-figures">
              <For each={testFigures(line)}>{(figure) => <span>{figure}</span>}</For>
              <Show when={line.reason}>{(reason) => <span class="test-reason">{reason()}</span>}</Show>
            </span>
          </li>
        )}
      </For>
    </ul>
  );
}
