import { Match, Show, Switch } from "solid-js";
import type { ResultView } from "#server/workbench/view.ts";

/** A result's value by its type, or why there is none. */
export function ValueView(props: { readonly result: ResultView; readonly kind: string }) {
  const value = () => props.result.value;
  return (
    <Switch fallback={<pre class="value-json">{JSON.stringify(value(), null, 2)?.slice(0, 2000)}</pre>}>
      <Match when={props.result.error}>
        {(error) => (
          <p class="value-error">
            {error().message}. <Show when={error().cure}>{(cure) => <span>{cure()}</span>}</Show>
          </p>
        )}
      </Match>
      <Match when={value() === null}>
        <p class="ghost">{props.result.outcome === "skipped" ? "skipped" : "not run yet"}</p>
      </Match>
      <Match when={value()!.type === "string"}>
        <p class="value-text">{(value() as { readonly value: string }).value}</p>
      </Match>
    </Switch>
  );
}
