import { createSignal, createUniqueId, Match, Show, Switch } from "solid-js";
import CircleAlert from "lucide-solid/icons/circle-alert";
import CircleCheck from "lucide-solid/icons/circle-check";
import CircleDashed from "lucide-solid/icons/circle-dashed";
import LoaderCircle from "lucide-solid/icons/loader-circle";
import RefreshCw from "lucide-solid/icons/refresh-cw";
import type { KeyFrom } from "#server/runner/key-from.ts";
import type { ListState } from "#server/api/models-router.ts";
import type { ProviderCalls } from "#server/api/provider-calls.ts";
import type { ProviderState } from "#server/models/index.ts";
import type { CellError } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";
import { ProblemBox } from "~/ui/problem-box";
import { toasts } from "~/ui/toasts";
import { agoText, countText, durationText } from "~/ui/words";

export interface ProviderView extends ProviderState {
  readonly keyFrom: KeyFrom;
  /** What came of asking it for its models; null before it was. */
  readonly list: ListState;
  /** Whether it is asked before anybody says so. */
  readonly isAskedByItself: boolean;
  /** What its last calls were like; null where there were none. */
  readonly calls: ProviderCalls | null;
}

/** A provider or endpoint: where its key comes from, with a field to enter one, whether it answers, and what failed last. */
export function ProviderRow(props: {
  readonly provider: ProviderView;
  readonly isAsking: boolean;
  ask(): void;
  changed(): void;
}) {
  const [isEntering, setEntering] = createSignal(false);
  const [problem, setProblem] = createSignal<CellError | null>(null);
  // Nobody listens where a server of this machine would: that is no trouble.
  const mayBeOff = () =>
    props.provider.keyVariable === null && /\/\/(?:127\.|localhost)/.test(props.provider.baseUrl ?? "");
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
        <span class="list-title" title={props.provider.title}>
          <span class="mono">{props.provider.name}/…</span>{" "}
          <span class="dim provider-title">{props.provider.title}</span>
        </span>
        <Show
          when={props.provider.lists && props.provider.usable}
          fallback={
            <>
              <span />
              <span />
            </>
          }
        >
          <Reach list={props.provider.list} mayBeOff={mayBeOff()} isAsking={props.isAsking} />
          <button
            type="button"
            class="icon-button"
            disabled={props.isAsking}
            aria-label={`Ask ${props.provider.name} for its models`}
            data-tip={
              props.provider.isAskedByItself
                ? "Ask for its models, which costs nothing"
                : `Ask for its models. endpoints.yaml names this server: the key in ${props.provider.keyVariable} goes to it first when you ask, or run a cell`
            }
            onClick={() => props.ask()}
          >
            <RefreshCw />
          </button>
        </Show>
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
      <ProviderTrouble
        list={props.provider.usable ? props.provider.list : null}
        mayBeOff={mayBeOff()}
        calls={props.provider.calls}
      />
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

function isOff({ list, mayBeOff }: { readonly list: ListState; readonly mayBeOff: boolean }): boolean {
  return mayBeOff && list?.error?.code === "model.unreachable";
}

/** Whether a provider answered when it was asked for its models. */
function Reach(props: { readonly list: ListState; readonly mayBeOff: boolean; readonly isAsking: boolean }) {
  const error = () => props.list?.error;
  const tip = () => {
    const { list } = props;
    return list === null ? "" : `Asked ${agoText(list.askedAt, Date.now())}, which took ${durationText(list.took)}`;
  };
  return (
    <span
      class="state-word"
      role="status"
      data-tip={tip()}
      classList={{
        busy: props.isAsking,
        bad: !props.isAsking && error() !== undefined && !isOff(props),
        good: !props.isAsking && props.list !== null && error() === undefined,
      }}
    >
      <Switch>
        <Match when={props.isAsking}>
          <LoaderCircle class="turning" /> asking …
        </Match>
        <Match when={props.list === null}>
          <CircleDashed /> not asked yet
        </Match>
        <Match when={error()?.code === "model.unreachable"}>
          <CircleDashed /> does not answer
        </Match>
        <Match when={error()}>
          <CircleAlert /> gave no list
        </Match>
        <Match when={props.list}>
          {(list) => (
            <>
              <CircleCheck /> {countText(list().count, "model")}
            </>
          )}
        </Match>
      </Switch>
    </span>
  );
}

/** What failed last, in the provider's words: asking for its models, and calls after which none was answered. */
function ProviderTrouble(props: {
  readonly list: ListState;
  readonly mayBeOff: boolean;
  readonly calls: ProviderCalls | null;
}) {
  const listError = () => (isOff(props) ? undefined : props.list?.error);
  const failed = () => {
    const { failed = null, answeredAt = null } = props.calls ?? {};
    return failed !== null && (answeredAt ?? 0) < failed.at ? failed : undefined;
  };
  return (
    <>
      <Show when={listError()}>
        {(error) => (
          <p class="provider-trouble">
            No list of models: {error().message}. {error().cure}
          </p>
        )}
      </Show>
      <Show when={failed()}>
        {(call) => (
          <p class="provider-trouble">
            Last call, {agoText(call().at, Date.now())}, of <span class="mono">{call().model}</span>: {call().message}.
          </p>
        )}
      </Show>
    </>
  );
}

function KeyState(props: { readonly from: KeyFrom }) {
  return (
    <span
      class="state-word"
      classList={{
        good: props.from === "entered" || props.from === "environment",
        wait: props.from === "unreadable" || props.from === "elsewhere",
      }}
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
        <Match when={props.from === "elsewhere"}>
          <CircleAlert /> is for another address: enter it again
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
  const isKept = () => props.of.keyFrom !== null && props.of.keyFrom !== "environment";
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
