import { createResource, createSignal, Match, Show, Switch } from "solid-js";
import Hourglass from "lucide-solid/icons/hourglass";
import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import { api } from "~/api";
import { useNotebook } from "~/notebook/notebook-context";
import { ask } from "~/ui/dialogs";
import { asSentence } from "~/ui/as-sentence";
import { CodeWords } from "~/ui/code-words";
import { lastOf } from "~/ui/last-of";
import { toasts } from "~/ui/toasts";
import { bytesText } from "./bytes-text";
import "./waiting-view.css";

/** What a result waits for, and what it takes to go on. */
export function WaitingView(props: { readonly on: WaitingOn; readonly address: string }) {
  return (
    <div class="waiting" role="group" aria-label="Waiting">
      <Switch
        fallback={
          <p>
            <Hourglass aria-hidden="true" /> <Message on={props.on} />
          </p>
        }
      >
        <Match when={props.on.reason === "licence"}>
          <Licence on={props.on} address={props.address} />
        </Match>
        <Match when={props.on.reason === "budget"}>
          <Budget on={props.on} address={props.address} />
        </Match>
        <Match when={props.on.reason === "batch"}>
          <Batch on={props.on} address={props.address} />
        </Match>
      </Switch>
    </div>
  );
}

function Message(props: { readonly on: WaitingOn }) {
  return (
    <span>
      <CodeWords text={asSentence(props.on.message)} />
    </span>
  );
}

function Licence(props: { readonly on: WaitingOn; readonly address: string }) {
  const { actions } = useNotebook();
  const [models] = createResource(() => api.models.list.query());
  const [going, setGoing] = createSignal(false);
  const known = lastOf(models);
  const model = () => known()?.local.find(({ name }) => name === props.on.subject);
  const agree = async (): Promise<void> => {
    setGoing(true);
    if (!(await actions.resume(props.address, true))) setGoing(false);
  };
  return (
    <>
      <p>
        <Hourglass aria-hidden="true" />
        <span>
          <b>{model()?.title ?? props.on.subject}</b> is fetched once you have agreed to its terms
          <Show when={model()}>{(found) => `, ${bytesText(found().bytes)}`}</Show>.
        </span>
      </p>
      <Show when={model()} fallback={<p class="dim">{models.error ? props.on.message : "Reading the terms …"}</p>}>
        {(found) => (
          <>
            <Show when={found().licence.agreement}>
              {(terms) => (
                <pre class="waiting-terms" tabIndex={0} aria-label={`Terms: ${found().licence.title}`}>
                  {unwrapped(terms())}
                </pre>
              )}
            </Show>
            <div class="waiting-actions">
              <button
                type="button"
                class="button primary"
                disabled={going()}
                onClick={(event) => {
                  event.stopPropagation();
                  void agree();
                }}
              >
                {going() ? "Going on …" : "Agree and go on"}
              </button>
              <a href={found().licence.url} target="_blank" rel="noopener noreferrer">
                {found().licence.title}
              </a>
            </div>
          </>
        )}
      </Show>
    </>
  );
}

/** A text whose lines were broken for a terminal, with its paragraphs alone. */
function unwrapped(text: string): string {
  return text.replaceAll(/(?<!\n)\n(?!\n)/g, " ");
}

function Batch(props: { readonly on: WaitingOn; readonly address: string }) {
  const { actions } = useNotebook();
  const cancel = async (): Promise<void> => {
    const yes = await ask({
      title: "Cancel this batch?",
      text: "All that waits for it is given up. What was answered by then is kept, and paid for.",
      yes: "Cancel the batch",
      isDangerous: true,
    });
    if (yes && (await actions.cancelBatch(props.address)))
      toasts.say("The batch is being cancelled. It goes on here with what was answered by then.");
  };
  return (
    <>
      <p>
        <Hourglass aria-hidden="true" /> <Message on={props.on} />
      </p>
      <div class="waiting-actions">
        <button
          type="button"
          class="button"
          onClick={(event) => {
            event.stopPropagation();
            void actions.collectBatches();
          }}
        >
          Look whether it is answered
        </button>
        <button
          type="button"
          class="button"
          onClick={(event) => {
            event.stopPropagation();
            void cancel();
          }}
        >
          Cancel the batch …
        </button>
      </div>
    </>
  );
}

function Budget(props: { readonly on: WaitingOn; readonly address: string }) {
  const { actions } = useNotebook();
  const [amount, setAmount] = createSignal<number | null>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (amount() !== null) void actions.resume(props.address, amount()!);
      }}
    >
      <p>
        <Hourglass aria-hidden="true" /> <Message on={props.on} />
      </p>
      <div class="waiting-actions">
        <label>
          $
          <input
            class="field"
            type="number"
            min="0.01"
            step="0.01"
            aria-label="US dollars the run may spend"
            placeholder="1.00"
            onInput={(event) =>
              setAmount(event.currentTarget.valueAsNumber > 0 ? event.currentTarget.valueAsNumber : null)
            }
          />
        </label>
        <button type="submit" class="button primary" disabled={amount() === null}>
          Go on with this budget
        </button>
      </div>
    </form>
  );
}
