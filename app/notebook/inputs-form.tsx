import { For, Show } from "solid-js";
import { useNotebook } from "./notebook-context";
import { InputCases } from "./input-cases";
import { InputField } from "./input-field";
import "./inputs-form.css";

/** The notebook's inputs, each set as soon as it is changed, and the sets of them that are kept. */
export function InputsForm() {
  const { store } = useNotebook();
  const inputs = () => store.view.head.head.inputs;
  return (
    <form class="inputs" aria-label="Inputs" data-own-keys onSubmit={(event) => event.preventDefault()}>
      {/* By their names: all of them are told anew with every change of the notebook, and somebody may be typing in one. */}
      <For each={inputs().map(({ name }) => name)}>
        {(name) => (
          <Show when={inputs().find((input) => input.name === name)}>{(input) => <InputField input={input()} />}</Show>
        )}
      </For>
      <InputCases />
    </form>
  );
}
