import { Show } from "solid-js";
import { bytesText } from "~/ui/words";
import type { PullStep } from "./create-model-pull";

/** How far the file of a model is; `bytes` is its size, where that is known before it is asked for. */
export function PullProgress(props: { readonly name: string; readonly step: PullStep; readonly bytes?: number }) {
  const now = () => (props.step === "beginning" ? null : props.step);
  const total = () => now()?.total || props.bytes || 1;
  return (
    <div class="pull">
      <progress aria-label={`Fetching ${props.name}`} max={total()} value={now()?.bytes ?? 0} />
      <span class="list-fact">
        <Show when={now()} fallback="asking for it …">
          {(event) => words(event(), total())}
        </Show>
      </span>
    </div>
  );
}

function words({ phase, bytes, source }: Exclude<PullStep, "beginning">, total: number): string {
  switch (phase) {
    case "downloading":
      return `${bytesText(bytes)} of ${bytesText(total)} from ${source}`;
    case "unpacking":
      return "unpacking it …";
    case "verifying":
      return "checking that it is the right file …";
  }
}
