import { createSignal, For, Match, Show, Switch } from "solid-js";
import { createStore } from "solid-js/store";
import Play from "lucide-solid/icons/play";
import type { Answer } from "#server/publish/answer.ts";
import type { Contract, ContractInput } from "#server/publish/contract.ts";
import type { CellError } from "#server/notebook/value.ts";
import { dollars } from "~/money/dollars";
import { ProblemBox } from "~/ui/problem-box";
import { durationText } from "~/ui/words";
import { controlOf, initialText, inputOf } from "./input-text";

interface Tried {
  readonly answer: Answer;
  readonly milliseconds: number;
}

/** A form of its inputs that asks it as any caller does. */
export function TryIt(props: { readonly slug: string; readonly contract: Contract; answered(): void }) {
  const [texts, setTexts] = createStore<{ [name: string]: string }>(
    Object.fromEntries(props.contract.inputs.map((input) => [input.name, initialText(input)])),
  );
  const [tried, setTried] = createSignal<Tried | null>(null);
  const [problem, setProblem] = createSignal<CellError | null>(null);
  const [stop, setStop] = createSignal<AbortController | null>(null);

  async function ask(): Promise<void> {
    setProblem(null);
    const leave = new AbortController();
    setStop(leave);
    try {
      const inputs = Object.fromEntries(
        props.contract.inputs.flatMap((input) => {
          const given = inputOf(input, texts[input.name] ?? "");
          return given === "missing" ? [] : [[input.name, given.value]];
        }),
      );
      const began = performance.now();
      const response = await fetch(`/api/run/${props.slug}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ inputs }),
        signal: leave.signal,
      });
      const body = (await response.json()) as Answer & { readonly error?: CellError };
      if (body.error !== undefined) setProblem(body.error);
      setTried("outputs" in body ? { answer: body, milliseconds: performance.now() - began } : null);
      props.answered();
    } catch (thrown) {
      if (!leave.signal.aborted) setProblem({ code: "page.request", message: (thrown as Error).message });
    } finally {
      setStop(null);
    }
  }

  return (
    <form
      class="ask-form try-it"
      onSubmit={(event) => {
        event.preventDefault();
        if (stop() === null) void ask();
      }}
    >
      <For each={props.contract.inputs} fallback={<p class="dim">It has no inputs.</p>}>
        {(input) => <Field input={input} text={texts[input.name] ?? ""} set={(text) => setTexts(input.name, text)} />}
      </For>
      <div class="try-run">
        <Show
          when={stop()}
          fallback={
            <button type="submit" class="button primary">
              <Play /> Ask it
            </button>
          }
        >
          {(leave) => (
            <button type="button" class="button" onClick={() => leave().abort()}>
              Stop
            </button>
          )}
        </Show>
        <span class="list-fact" role="status">
          {stop() === null ? "" : "computing …"}
        </span>
      </div>
      <div class="try-answer" aria-live="polite">
        <Show when={problem()}>{(error) => <ProblemBox error={error()} />}</Show>
        <Show when={tried() === null && problem() === null}>
          <p class="dim">The answer comes here, as any caller gets it. It is kept below like any request.</p>
        </Show>
        <Show when={tried()}>
          {(now) => (
            <>
              <pre class="code-block try-text" tabindex="0" role="region" aria-label="Answer">
                {JSON.stringify(now().answer.outputs, null, 2)}
              </pre>
              <p class="list-fact">{factsText(now())}</p>
            </>
          )}
        </Show>
      </div>
    </form>
  );
}

function factsText({ answer: { version, cost, usage }, milliseconds }: Tried): string {
  const { made, cached } = usage.calls;
  return [
    `v${version}`,
    durationText(milliseconds),
    dollars(cost),
    `${made} called, ${cached} from cache`,
    `${usage.input} tokens in, ${usage.output} out`,
  ].join(" · ");
}

function Field(props: { readonly input: ContractInput; readonly text: string; set(text: string): void }) {
  const control = () => controlOf(props.input);
  const description = () => props.input.schema["description"];
  return (
    <label>
      <span>
        <span class="mono">{props.input.name}</span>
        {props.input.required ? ", required" : ""}
        <Show when={typeof description() === "string"}>: {description() as string}</Show>
      </span>
      <Switch>
        <Match when={control() === "choice"}>
          <select class="field" value={props.text} onChange={(event) => props.set(event.currentTarget.value)}>
            <Show when={props.text === ""}>
              <option value="" />
            </Show>
            <For each={props.input.schema["enum"] as readonly string[]}>
              {(label) => <option value={label}>{label}</option>}
            </For>
          </select>
        </Match>
        <Match when={control() === "checkbox"}>
          <input
            type="checkbox"
            checked={props.text === "true"}
            onChange={(event) => props.set(String(event.currentTarget.checked))}
          />
        </Match>
        <Match when={control() === "number"}>
          <input
            class="field"
            type="number"
            step="any"
            value={props.text}
            onInput={(event) => props.set(event.currentTarget.value)}
          />
        </Match>
        <Match when={true}>
          <textarea
            class="field"
            classList={{ mono: control() === "json" }}
            rows={control() === "json" ? 4 : 2}
            value={props.text}
            onInput={(event) => props.set(event.currentTarget.value)}
          />
        </Match>
      </Switch>
    </label>
  );
}
