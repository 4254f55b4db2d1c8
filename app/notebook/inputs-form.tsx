import { For } from "solid-js";
import { useNotebook } from "./notebook-context";
import { InputCases } from "./input-cases";
import { InputField } from "./input-field";
import "./inputs-form.css";

/** The notebook's inputs, each set as soon as it is changed, and the sets of them that are kept. */
export function InputsForm() {
  const { store } = useNotebook();
  return (
    <form class="inputs" aria-label="Inputs" data-own-keys onSubmit={(event) => event.preventDefault()}>
      <For each={store.view.head.head.inputs}>{(input) => <InputField input={input} />}</For>
      <InputCases />
    </form>
  );
}
