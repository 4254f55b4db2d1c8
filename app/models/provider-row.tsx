import { createSignal, createUniqueId, Match, Show, Switch } from "solid-js";
import CircleAlert from "lucide-solid/icons/circle-alert";
import CircleCheck from "lucide-solid/icons/circle-check";
import CircleDashed from "lucide-solid/icons/circle-dashed";
import type { KeyFrom } from "#server/api/models-router.ts";
import type { ProviderState } from "#server/models/index.ts";
import type { CellError } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";
import { ProblemBox } from "~/ui/problem-box";
import { toasts } from "~/ui/toasts";

export interface ProviderView extends ProviderState {
  readonly keyFrom: KeyFrom;
}

/** A provider or endpoint, where its key comes from, and a field to enter one. */
export function ProviderRow(props: { readonly provider: ProviderView; changed(): void }) {
  const [isEntering, setEntering] = createSignal(false);
  const [problem, setProblem] = createSignal<CellError | null>(null);
  let opener!: HTMLButtonElement;

  const close = (): void => {
    setEntering(false);
    setProblem(null);
    opener.focus();
  };
  async function change(what: Promise<void>, said: string): Promise<void> {
    try {
      await what;
      toasts.say(said);
      props.changed();
      close();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }

  return (
    <li class="provider">
      <div class="list-row">
        <span class="list-title">
          <span class="mono">{props.provider.name}/…</span>{" "}
          <span class="dim provider-title">{props.provider.title}</span>
        </span>
        <Show when={props.provider.keyVariable} fallback={<span class="list-fact">no key needed</span>}>
          {(variable) => (
            <>
              <span class="list-fact mono">{variable()}</span>
              <KeyState from={props.provider.keyFrom} />
              <button
                type="button"
                class="button"
                ref={opener}
                aria-expanded={isEntering()}
                aria-label={`${props.provider.keyFrom === "entered" ? "Change the key" : "Enter a key"} of ${props.provider.name}`}
                onClick={() => (isEntering() ? close() : setEntering(true))}
              >
                {props.provider.keyFrom === "entered" ? "Change" : "Enter a key"}
              </button>
            </>
          )}
        </Show>
      </div>
      <Show when={isEntering() && props.provider.keyVariable}>
        {(variable) => (
          <KeyForm
            of={props.provider}
            close={close}
            keep={(key) =>
              void change(
                api.models.setKey.mutate({ variable: variable(), key }),
                `The key of ${props.provider.name} is kept.`,
              )
            }
            remove={() =>
              void change(
                api.models.removeKey.mutate({ variable: variable() }),
                `The key of ${props.provider.name} is gone.`,
              )
            }
          />
        )}
      </Show>
      <Show when={problem()}>{(error) => <ProblemBox error={error()} />}</Show>
    </li>
  );
}

function KeyState(props: { readonly from: KeyFrom }) {
  return (
    <span
      class="state-word provider-state"
      classList={{ good: props.from === "entered" || props.from === "environment", wait: props.from === "unreadable" }}
    >
      <Switch>
        <Match when={props.from === "entered"}>
          <CircleCheck /> entered here
        </Match>
        <Match when={props.from === "environment"}>
          <CircleCheck /> from the environment
        </Match>
        <Match when={props.from === "unreadable"}>
          <CircleAlert /> cannot be read any more: enter it again
        </Match>
        <Match when={true}>
          <CircleDashed /> no key yet
        </Match>
      </Switch>
    </span>
  );
}

/** Takes a key. What is kept is never shown again: it can be replaced, or taken away. */
function KeyForm(props: { readonly of: ProviderView; keep(key: string): void; remove(): void; close(): void }) {
  const id = createUniqueId();
  const [key, setKey] = createSignal("");
  const isKept = () => props.of.keyFrom === "entered" || props.of.keyFrom === "unreadable";
  return (
    <form
      class="key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (key().trim() !== "") props.keep(key());
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") props.close();
      }}
    >
      <label for={id}>Key of {props.of.name}</label>
      <input
        id={id}
        class="field mono"
        type="password"
        autocomplete="off"
        spellcheck={false}
        aria-describedby={`${id}-about`}
        value={key()}
        onInput={(event) => setKey(event.currentTarget.value)}
        ref={(element) => queueMicrotask(() => element.focus())}
      />
      <div class="key-buttons">
        <button type="submit" class="button primary" disabled={key().trim() === ""}>
          Keep it
        </button>
        <Show when={isKept()}>
          <button type="button" class="button" onClick={() => props.remove()}>
            Take it away
          </button>
        </Show>
        <button type="button" class="button" onClick={() => props.close()}>
          Cancel
        </button>
      </div>
      <p id={`${id}-about`} class="dim">
        It is encrypted on this machine, goes to {props.of.name} alone, and is never shown again. Several of one
        account, with commas between them, take turns.
      </p>
    </form>
  );
}
