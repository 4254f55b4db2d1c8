import { For, Match, Show, Switch } from "solid-js";
import { lastAnswer } from "#server/notebook/call-sums.ts";
import { problemOf } from "~/api";
import { useNotebook } from "~/notebook/notebook-context";
import { dollars } from "~/money/dollars";
import { now as clock } from "~/ui/clock";
import { ErrorView } from "~/values/error-view";
import { TextView } from "~/values/text-view";
import { ValueView } from "~/values/value-view";
import { steadyHeight } from "~/results/steady-height";
import { WaitingView } from "~/values/waiting-view";
import { callFacts } from "./call-facts";
import { Dependencies } from "./dependencies";
import { FactList } from "./fact-list";
import { FoldedJson } from "./folded-json";
import type { Inspected } from "./inspected";
import { OtherAnswers } from "./other-answers";
import { ResultNotes } from "./result-notes";
import { StaleNote } from "./stale-note";

/** The answer and everything known of how it came. */
export function ResultTab(props: { readonly inspected: Inspected }) {
  const { store } = useNotebook();
  const { cell, node, address, result, details, gone, problem } = props.inspected;
  const calls = () => details()?.calls ?? [];
  const value = () => details()?.value ?? result()?.value ?? null;
  /** Names of what made it stale; null where it is not. */
  const stale = () => {
    const freshness = result()?.freshness ?? details()?.freshness;
    return freshness?.state === "stale" ? freshness.reasons : null;
  };
  const steady = steadyHeight(
    () => node()?.progress != null,
    () => 0,
  );
  /** The raw answer, where it is not what is shown anyway. */
  const raw = () => {
    const last = lastAnswer(calls());
    const shown = value();
    const text = last?.journal?.text ?? null;
    return text === null || (shown?.type === "string" && shown.value.trim() === text.trim()) ? null : text;
  };
  return (
    <div class="inspector-body">
      <Show when={problem()}>
        {(thrown) => (
          <p class="problem" role="alert">
            {problemOf(thrown()).message}. {problemOf(thrown()).cure}
          </p>
        )}
      </Show>
      <Show when={stale()}>{(reasons) => <StaleNote address={address()!} reasons={reasons()} node={node()} />}</Show>
      <Switch fallback={<p class="dim">It has no result of its own.</p>}>
        <Match when={address()}>
          {(where) => (
            <>
              <h3>answer</h3>
              <div class="inspector-box" ref={steady.ref} style={steady.style()}>
                <Switch fallback={<p class="ghost">{gone() ? "Its row is no longer there." : "Nothing yet."}</p>}>
                  <Match when={store.view.streams[where()]}>
                    {(text) => <p class="value-text streaming">{text()}</p>}
                  </Match>
                  <Match when={result()?.waiting}>{(on) => <WaitingView on={on()} address={where()} />}</Match>
                  <Match when={details()?.error ?? result()?.error}>
                    {(error) => <ErrorView error={error()} cell={cell()?.path ?? null} />}
                  </Match>
                  <Match when={value()}>
                    {(now) => <ValueView value={now()} address={where()} full={null} cell={null} narrow />}
                  </Match>
                </Switch>
              </div>
              <Show when={raw()}>
                {(text) => (
                  <>
                    <h3>raw answer</h3>
                    <div class="inspector-box inspector-raw">
                      <TextView text={text()} full={null} address={null} narrow />
                    </div>
                  </>
                )}
              </Show>
              <For each={calls().flatMap(({ journal }) => journal?.reasoning ?? [])}>
                {(text) => (
                  <>
                    <h3>reasoning</h3>
                    <div class="inspector-box inspector-raw">
                      <TextView text={text} full={null} address={null} narrow />
                    </div>
                  </>
                )}
              </For>
              <For
                each={calls().flatMap(({ journal }) =>
                  journal === null || journal.response === null ? [] : [journal],
                )}
              >
                {(journal) => <FoldedJson title="raw response" value={journal.response} />}
              </For>
              <For each={calls()}>
                {(call, index) => (
                  <>
                    <h3>{call.embeds ? "embedding" : calls().length > 1 ? `call ${index() + 1}` : "facts"}</h3>
                    <FactList
                      facts={[
                        ...callFacts(call, clock()),
                        { term: "cost", text: `${dollars(call.cost)}${call.cached ? ", from cache this time" : ""}` },
                      ]}
                    />
                    <Show when={call.journal?.error}>
                      {(error) => <ErrorView error={error()} cell={cell()?.path ?? null} />}
                    </Show>
                  </>
                )}
              </For>
              <OtherAnswers address={where()} details={details()} />
              <ResultNotes address={where()} notes={details()?.notes ?? null} override={details()?.override ?? null} />
            </>
          )}
        </Match>
      </Switch>
      <Show when={node()}>{(now) => <Dependencies node={now()} cell={cell()?.path ?? null} />}</Show>
    </div>
  );
}
