import { For, Match, Show, Switch } from "solid-js";
import type { InputView } from "#server/workbench/view.ts";
import { useNotebook } from "./notebook-context";

/** The notebook's inputs, each set as soon as it is changed. */
export function InputsForm() {
  const { store } = useNotebook();
  return (
    <form class="inputs" aria-label="Inputs" onSubmit={(event) => event.preventDefault()}>
      <For each={store.view.head.head.inputs}>{(input) => <InputField input={input} />}</For>
    </form>
  );
}

function InputField(props: { readonly input: InputView }) {
  const { actions } = useNotebook();
  const id = () => `input-${props.input.name}`;
  const set = (value: never): void => void actions.setInput(props.input.name, value);
  const missing = () => props.input.value === undefined;
  return (
    <>
      <label for={id()} title={props.input.description}>
        {props.input.name}
      </label>
      <Switch
        fallback={
          <textarea
            id={id()}
            class="field"
            classList={{ missing: missing() }}
            rows={1}
            style={{ "field-sizing": "content", resize: "none", "max-height": "160px" } as never}
            placeholder={missing() ? "required" : ""}
            value={textOf(props.input)}
            onChange={(event) => set(parsed(props.input, event.currentTarget.value) as never)}
          />
        }
      >
        <Match when={props.input.type === "number"}>
          <input
            id={id()}
            class="field"
            type="number"
            step="any"
            value={textOf(props.input)}
            onChange={(event) =>
              set((event.currentTarget.value === "" ? null : event.currentTarget.valueAsNumber) as never)
            }
          />
        </Match>
        <Match when={props.input.type === "boolean"}>
          <input
            id={id()}
            type="checkbox"
            style={{ "justify-self": "start" }}
            checked={props.input.value === true}
            onChange={(event) => set(event.currentTarget.checked as never)}
          />
        </Match>
        <Match when={props.input.type === "choice"}>
          <select
            id={id()}
            class="field"
            value={textOf(props.input)}
            onChange={(event) => set(event.currentTarget.value as never)}
          >
            <Show when={missing()}>
              <option value="" />
            </Show>
            <For each={props.input.options ?? []}>{(option) => <option value={option}>{option}</option>}</For>
          </select>
        </Match>
      </Switch>
    </>
  );
}

function textOf({ value }: InputView): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What a text means for an input: JSON where it is one of JSON or messages, text otherwise. */
function parsed({ type }: InputView, text: string): unknown {
  if (type !== "json" && type !== "messages") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
