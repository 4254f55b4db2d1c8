import { createEffect, createSignal, createUniqueId, For, on, onCleanup, Show } from "solid-js";
import Play from "lucide-solid/icons/play";
import type { CallFacts } from "#server/notebook/services.ts";
import type { CellError } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";
import { dollars } from "~/money/dollars";
import { estimateWords } from "~/money/estimate-words";
import { createSettledEstimate } from "~/money/settled-estimate";
import { ProblemBox } from "~/ui/problem-box";
import type { OfferedModel } from "./offered-models";
import { countText, durationText } from "~/ui/words";

interface Answer {
  readonly text: string;
  readonly call: CallFacts;
}

/** A model that can be tried. */
interface TriedModel extends Pick<OfferedModel, "name" | "embeds"> {
  readonly words?: string;
}

/** One short call of a model, with what it will cost, its answer, how long it took and what it cost; of any, or of `only` the first, at once where that is free. One that embeds has a text embedded. */
export function TryModel(props: {
  readonly known: readonly TriedModel[];
  readonly first: string;
  readonly only?: boolean;
}) {
  const list = createUniqueId();
  const [model, setModel] = createSignal(props.first);
  const embeds = (): boolean => props.known.some(({ name, embeds }) => embeds && name === model().trim());
  const [text, setText] = createSignal("Say hello in five words.");
  const [answer, setAnswer] = createSignal<Answer | null>(null);
  const [problem, setProblem] = createSignal<CellError | null>(null);
  const [stop, setStop] = createSignal<AbortController | null>(null);
  const asked = () => ({ model: model().trim(), text: text() });
  const estimate = createSettledEstimate(
    // What was answered is in the journal.
    () => [model(), text(), answer()],
    // What runs on this machine costs nothing, and is left alone until it is called.
    () => model().trim() !== "" && !model().startsWith("local/") && text() !== "",
    () => (embeds() ? api.models.tryEmbeddingEstimate : api.models.tryEstimate).query(asked()),
  );
  const words = () => {
    const known = estimate();
    return known === null ? null : estimateWords(known);
  };
  let isAtOnce = props.only === true;

  async function run(): Promise<void> {
    isAtOnce = false;
    const leave = new AbortController();
    setStop(leave);
    setProblem(null);
    const { signal } = leave;
    try {
      setAnswer(
        embeds()
          ? toAnswer(await api.models.tryEmbedding.mutate(asked(), { signal }))
          : await api.models.tryCall.mutate(asked(), { signal }),
      );
    } catch (thrown) {
      setAnswer(null);
      if (!leave.signal.aborted) setProblem(problemOf(thrown));
    } finally {
      setStop(null);
    }
  }

  createEffect(
    on(estimate, (found) => {
      if (found === null || !isAtOnce) return;
      isAtOnce = false;
      if (found.known.cost.high === 0 && found.known.unpriced.length === 0) void run();
    }),
  );
  // Nobody would see the answer.
  onCleanup(() => stop()?.abort());
  return (
    <form
      class="try"
      onSubmit={(event) => {
        event.preventDefault();
        if (stop() === null) void run();
      }}
    >
      <Show when={props.only !== true}>
        <label>
          Model
          <input
            class="field mono"
            list={list}
            required
            spellcheck={false}
            placeholder="provider/model"
            value={model()}
            onInput={(event) => setModel(event.currentTarget.value)}
          />
        </label>
        <datalist id={list}>
          <For each={props.known}>{({ name, words }) => <option value={name}>{words}</option>}</For>
        </datalist>
      </Show>
      <label>
        Text
        <textarea
          class="field"
          rows={2}
          required
          value={text()}
          onInput={(event) => {
            isAtOnce = false;
            setText(event.currentTarget.value);
          }}
        />
      </label>
      <div class="try-run">
        <Show
          when={stop()}
          fallback={
            <button type="submit" class="button primary" data-tip={words()?.sentence}>
              <Play /> {["Call it", words()?.cost || words()?.cached].filter(Boolean).join(" · ")}
            </button>
          }
        >
          {(leave) => (
            <button type="button" class="button" onClick={() => leave().abort()}>
              Stop waiting
            </button>
          )}
        </Show>
        <span class="list-fact" role="status">
          {stop() === null ? "" : "waiting for the answer …"}
        </span>
      </div>
      <div class="try-answer" aria-live="polite">
        <Show when={answer()}>
          {(got) => (
            <>
              <pre class="code-block try-text">{got().text === "" ? "(an empty answer)" : got().text}</pre>
              <p class="list-fact">{factsText(got().call)}</p>
            </>
          )}
        </Show>
        <Show when={problem()}>{(error) => <ProblemBox error={error()} />}</Show>
      </div>
    </form>
  );
}

function toAnswer({ numbers, call }: { readonly numbers: number; readonly call: CallFacts }): Answer {
  return { text: `A vector of ${countText(numbers, "number")}.`, call };
}

function factsText({ model, latency, usage, cost, cached }: CallFacts): string {
  return [
    ...(cached ? ["from the journal: nothing was sent"] : []),
    durationText(latency),
    `${usage.input ?? "?"} tokens in, ${usage.output ?? "?"} out`,
    dollars(cost),
    model,
  ].join(" · ");
}
