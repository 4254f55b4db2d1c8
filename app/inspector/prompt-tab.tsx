import { createMemo, For, Show } from "solid-js";
import Copy from "lucide-solid/icons/copy";
import type { CallDetail, JournaledCall } from "#server/runner/call-detail.ts";
import type { Datum } from "#server/notebook/value.ts";
import { useNotebook } from "~/notebook/notebook-context";
import { copyText } from "~/values/copy-text";
import { JsonTree } from "~/values/json-tree";
import { SentImages } from "~/values/sent-images";
import { valueText } from "~/values/value-summary";
import type { Inspected } from "./inspected";
import { markValues } from "./mark-values";
import { sentMessages } from "./sent-messages";
import "~/values/messages-view.css";

/** Exactly what was sent for an answer. */
export function PromptTab(props: { readonly inspected: Inspected }) {
  const { details, node } = props.inspected;
  const calls = () => details()?.calls ?? [];
  const callsModels = () => node()?.effect === "model" || node()?.effect === "paid";
  return (
    <div class="inspector-body">
      <For
        each={calls()}
        fallback={
          <p class="dim">
            {details()?.outcome === "error"
              ? "It failed before an answer came."
              : callsModels()
                ? "Nothing was sent for it yet. Run it, and the exact messages stand here."
                : "It calls no model: nothing is sent for it."}
          </p>
        }
      >
        {(call, index) => (
          <>
            <Show when={calls().length > 1}>
              <h3>call {index() + 1}</h3>
            </Show>
            <Sent call={call} reads={props.inspected.node()?.reads ?? []} row={details()?.row?.columns ?? {}} />
          </>
        )}
      </For>
    </div>
  );
}

function Sent(props: {
  readonly call: CallDetail;
  readonly reads: readonly string[];
  readonly row: { readonly [column: string]: Datum };
}) {
  const { store } = useNotebook();
  /** Texts of what the cell reads, to be seen in what was sent. */
  const values = createMemo(() => {
    const found: { [name: string]: string } = {};
    for (const name of props.reads) {
      const input = store.view.head.head.inputs.find((each) => each.name === name);
      if (typeof input?.value === "string") found[name] = input.value;
      const [address] = store.view.nodes[name]?.addresses ?? [];
      const value = address === undefined ? null : store.view.results[address]?.value;
      if (value?.type === "string") found[name] = valueText(value);
    }
    for (const [column, datum] of Object.entries(props.row)) if (typeof datum === "string") found[column] = datum;
    return found;
  });
  const model = () => props.call.journal?.model ?? props.call.model;
  return (
    <Show
      when={props.call.embeds ? null : props.call.journal?.request}
      fallback={
        <p class="dim">
          {props.call.embeds
            ? "Texts were embedded: they stand in what was searched, compared or put in order."
            : props.call.journal?.imported
              ? "Its answer was imported from another workspace, without what was sent."
              : "What was sent is no longer kept."}
        </p>
      }
    >
      {(request) => (
        <>
          <div class="inspector-line">
            <h3>sent to {model()}</h3>
            <button
              type="button"
              class="icon-button"
              aria-label="Copy the request as JSON"
              title="Copy the request as JSON"
              onClick={() => void copyText(JSON.stringify(requestOf(model(), request()), null, 2))}
            >
              <Copy />
            </button>
          </div>
          <For each={sentMessages(request())}>
            {({ role, content }, index) => (
              <div class="sent">
                <span class={`message-role ${role}`}>{role}</span>
                <Show when={index() === request().imageMessage}>
                  <SentImages images={request().images} />
                </Show>
                <p>
                  <For each={markValues(content, values())}>
                    {({ text, from }) => (from === null ? text : <mark title={`from ${from}`}>{text}</mark>)}
                  </For>
                </p>
              </div>
            )}
          </For>
          <Show when={Object.keys(request().parameters).length > 0}>
            <h3>parameters</h3>
            <dl class="facts">
              <For each={Object.entries(request().parameters)}>
                {([name, value]) => (
                  <>
                    <dt>{name}</dt>
                    <dd class="mono">{JSON.stringify(value)}</dd>
                  </>
                )}
              </For>
            </dl>
          </Show>
          <Show when={request().schema}>
            {(schema) => (
              <>
                <h3>schema of the answer</h3>
                <div class="inspector-box">
                  <JsonTree value={schema() as Datum} />
                </div>
              </>
            )}
          </Show>
        </>
      )}
    </Show>
  );
}

/** A request without what is not set in it. */
function requestOf(
  model: string,
  { messages, completion, parameters, schema, images, imageMessage }: NonNullable<JournaledCall["request"]>,
): object {
  return {
    model,
    ...(completion === null ? { messages } : { completion }),
    ...parameters,
    ...(schema === null ? {} : { schema }),
    ...(images.length === 0 ? {} : { images, imageMessage }),
  };
}
