import { createUniqueId, Show, splitProps, type JSX } from "solid-js";
import "./money-forms.css";

interface MoneyFieldProps extends JSX.InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  /** What stands beside `field` as its class. */
  readonly kind?: "mono" | "money-amount";
  readonly value: string;
  /** What is wrong with it, in words. */
  readonly problem?: string | null;
  set(value: string): void;
}

/** A text that is entered into a form of prices, budgets or endpoints, under its label. */
export function MoneyField(props: MoneyFieldProps) {
  const id = createUniqueId();
  const [own, input] = splitProps(props, ["label", "kind", "problem", "set"]);
  return (
    <div class="money-field">
      <label for={id}>{own.label}</label>
      <input
        {...input}
        id={id}
        class={own.kind === undefined ? "field" : `field ${own.kind}`}
        aria-invalid={own.problem != null}
        aria-describedby={own.problem == null ? undefined : `${id}-problem`}
        onInput={(event) => own.set(event.currentTarget.value)}
      />
      <Show when={own.problem}>
        {(words) => (
          <p id={`${id}-problem`} class="money-problem" role="alert">
            {words()}
          </p>
        )}
      </Show>
    </div>
  );
}
