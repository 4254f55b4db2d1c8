import { createEffect, createMemo, createSignal, For, lazy, Match, on, Show, Suspense, Switch } from "solid-js";
import type { Datum } from "#server/notebook/value.ts";
import type { InputView } from "#server/workbench/view.ts";
import { outsideText } from "~/ui/outside-text";
import { inputText, parseInputText } from "./input-text";
import { useNotebook } from "./notebook-context";

const FileInput = lazy(async () => ({ default: (await import("./file-input")).FileInput }));
const TableInput = lazy(async () => ({ default: (await import("./table-input")).TableInput }));

/** One input: its name, a field of its type, and what is wrong with what was entered. */
export function InputField(props: { readonly input: InputView }) {
  const { actions } = useNotebook();
  const id = `input-${props.input.name}`;
  const [problem, setProblem] = createSignal<string | null>(null);
  const isMissing = () => props.input.value === undefined;
  /** What was set last, until it is told: what the field showed before may be meant again. */
  let asked: string | undefined;

  async function set(value: Datum, exact?: string): Promise<void> {
    asked = JSON.stringify(value);
    const { name } = props.input;
    const wrong = await (exact === undefined
      ? actions.setInputs({ [name]: value })
      : actions.setInputs({}, { [name]: exact }));
    setProblem(wrong === null ? null : `${wrong.message}. ${wrong.cure ?? ""}`);
  }
  function setText(text: string): void {
    if (text === inputText(props.input) && !isMissing() && asked === undefined) return void setProblem(null);
    const parsed = parseInputText(props.input, text);
    if ("problem" in parsed) setProblem(parsed.problem);
    else void set(parsed.value, parsed.exact);
  }
  const value = createMemo(() => JSON.stringify(props.input.value));
  createEffect(
    on(
      value,
      (now) => {
        setProblem(null);
        if (now === asked) asked = undefined;
      },
      { defer: true },
    ),
  );

  const field = {
    get id() {
      return id;
    },
    get "aria-invalid"() {
      return problem() !== null;
    },
    get "aria-describedby"() {
      return `${id}-problem`;
    },
    get "aria-required"() {
      return props.input.default === undefined;
    },
  };
  return (
    <>
      <label for={id}>
        {props.input.name}
        <Show when={props.input.default === undefined}>
          <span class="required" title="It has no default: it must be given.">
            {isMissing() ? " required" : " *"}
          </span>
        </Show>
      </label>
      <div class="input-field" data-input={props.input.name} classList={{ missing: isMissing() }}>
        <Switch>
          <Match when={props.input.type === "string"}>
            <textarea
              {...field}
              class="field growing"
              rows={1}
              ref={outsideText(() => inputText(props.input))}
              onChange={(event) => setText(event.currentTarget.value)}
              onKeyDown={(event) => {
                // A line more is Shift+Enter, as where messages are sent.
                if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey) return;
                event.preventDefault();
                event.currentTarget.dispatchEvent(new Event("change"));
              }}
            />
          </Match>
          <Match when={props.input.type === "number"}>
            <input
              {...field}
              class="field short"
              inputmode="decimal"
              ref={outsideText(() => inputText(props.input))}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          </Match>
          <Match when={props.input.type === "boolean"}>
            <input
              {...field}
              type="checkbox"
              checked={props.input.value === true}
              onChange={(event) => void set(event.currentTarget.checked)}
            />
          </Match>
          <Match when={props.input.type === "choice"}>
            <select
              {...field}
              class="field short"
              value={inputText(props.input)}
              onChange={(event) => void set(event.currentTarget.value)}
            >
              <Show when={isMissing()}>
                <option value="" />
              </Show>
              <For each={props.input.options ?? []}>{(option) => <option value={option}>{option}</option>}</For>
            </select>
          </Match>
          <Match when={props.input.type === "json" || props.input.type === "messages"}>
            <textarea
              {...field}
              class="field growing mono"
              rows={1}
              spellcheck={false}
              ref={outsideText(() => inputText(props.input))}
              onInput={(event) => {
                const parsed = parseInputText(props.input, event.currentTarget.value);
                setProblem("problem" in parsed ? parsed.problem : null);
              }}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          </Match>
          <Match when={props.input.type === "table"}>
            <Suspense>
              <TableInput id={id} input={props.input} set={set} />
            </Suspense>
          </Match>
          <Match when={props.input.type === "file" || props.input.type === "image"}>
            <Suspense>
              <FileInput id={id} input={props.input} set={set} setProblem={setProblem} />
            </Suspense>
          </Match>
        </Switch>
        <Show when={props.input.description}>{(text) => <p class="input-hint">{text()}</p>}</Show>
        <p class="field-problem" id={`${id}-problem`} role="alert">
          {problem()}
        </p>
      </div>
    </>
  );
}
