import { createMemo, createResource, For, Index, Match, Show, Switch } from "solid-js";
import Copy from "lucide-solid/icons/copy";
import type { MarkedMessage } from "#server/language/index.ts";
import { promptAxis } from "#server/notebook/axis.ts";
import type { PromptPreview as Preview } from "#server/runner/prompt-preview.ts";
import type { CellView } from "#server/workbench/view.ts";
import { api, problemOf } from "~/api";
import { useNotebook } from "~/notebook/notebook-context";
import { CodeWords } from "~/ui/code-words";
import { sameJson } from "~/ui/same-json";
import { useHands } from "~/notebook/use-hands";
import { previewVersion } from "./preview-version";
import { pick, pickOf, renderedPlace, type RenderedPlace } from "./rendered-place";
import { SentImages } from "~/values/sent-images";
import "./prompt-preview.css";

/** The messages of a prompt as they would be sent now, for one of its variants and in a sheet for one row. */
export function PromptPreview(props: { readonly cell: CellView }) {
  const { store, selection, select } = useNotebook();
  const { act } = useHands();
  const node = createMemo(() => (props.cell.node === null ? undefined : store.view.nodes[props.cell.node]));
  const place = createMemo(() => renderedPlace(store.view, props.cell.path, selection().address), null, {
    equals: sameJson,
  });
  const picked = () => pickOf(store.path, props.cell.path);
  const row = () => place()?.row ?? picked().row;
  const version = createMemo(() => previewVersion(store.view, props.cell));
  /** Keeps what is looked at: to point into it selects the cell, and no row of its sheet any more. */
  const stay = (): void => {
    const now = place();
    if (now !== null) pick(store.path, props.cell.path, { row: now.row });
  };
  const [preview] = createResource(
    () => ({ place: place(), version: version() }),
    async ({ place }): Promise<Preview | null> => {
      if (place === null) return null;
      const { node, at, row } = place;
      try {
        return (await api.notebook.rendered.query({ path: store.path, cell: node, at, row })) as Preview;
      } catch (thrown) {
        return { type: "error", error: problemOf(thrown) };
      }
    },
  );
  return (
    <div
      class="prompt-preview"
      role="group"
      aria-label={`What ${props.cell.path} sends`}
      onPointerDown={stay}
      onFocusIn={stay}
    >
      <div class="prompt-preview-head">
        <span>As it is sent</span>
        {/* By their places: a cell's node is told anew while somebody goes through a list of labels. */}
        <Index each={node()?.axes ?? []}>
          {(axis) => (
            <Show when={axis().name !== promptAxis}>
              <label>
                {axis().name}
                <select
                  value={place()?.at[axis().name]}
                  onChange={(event) =>
                    pick(store.path, props.cell.path, {
                      at: { ...picked().at, [axis().name]: event.currentTarget.value },
                    })
                  }
                >
                  <For each={axis().labels}>{(label) => <option value={label}>{label}</option>}</For>
                </select>
              </label>
            </Show>
          )}
        </Index>
        <Show when={node()?.sheet != null}>
          <label>
            row
            <input
              type="number"
              min={1}
              value={numberOf(row()) ?? ""}
              placeholder={numberOf(row()) === null ? String(row()) : undefined}
              onChange={(event) =>
                pick(store.path, props.cell.path, { row: Math.max(0, (event.currentTarget.valueAsNumber || 1) - 1) })
              }
            />
          </label>
        </Show>
        <span class="spring" />
        <button
          type="button"
          class="icon-button"
          aria-haspopup="menu"
          aria-label="Copy as …"
          data-tip="Copy as curl, Python or TypeScript"
          onClick={() => {
            select({ cell: props.cell.path });
            act("cell.copy-as");
          }}
        >
          <Copy />
        </button>
      </div>
      <PreviewBody preview={preview.latest ?? null} />
    </div>
  );
}

/** The number of a row, from 1; null where it is known by its identity, as the one that is selected in the sheet. */
function numberOf(row: RenderedPlace["row"]): number | null {
  return typeof row === "number" ? row + 1 : null;
}

function PreviewBody(props: { readonly preview: Preview | null }) {
  const of = <Type extends Preview["type"]>(type: Type): Extract<Preview, { readonly type: Type }> | false =>
    props.preview?.type === type ? (props.preview as Extract<Preview, { readonly type: Type }>) : false;
  return (
    <Switch>
      <Match when={of("call")}>
        {(call) => (
          <>
            <For each={call().messages}>
              {(message, index) => (
                <div class="message">
                  <p class="message-role">{call().completion ? "to be continued" : message.role}</p>
                  <Show when={index() === call().messages.findLastIndex(({ role }) => role === "user")}>
                    <SentImages images={call().images ?? []} />
                  </Show>
                  <MarkedText message={message} />
                </div>
              )}
            </For>
            <p class="prompt-preview-foot">
              {call().model}
              <For each={Object.entries(call().parameters)}>
                {([name, value]) => ` · ${name} ${JSON.stringify(value)}`}
              </For>
            </p>
            <Show when={call().unsettled.length > 0}>
              <p class="prompt-preview-foot stale">
                {call().unsettled.join(", ")} {call().unsettled.length === 1 ? "is" : "are"} not current: run it first
                to see what would really be sent.
              </p>
            </Show>
          </>
        )}
      </Match>
      <Match when={of("waits")}>
        {(waits) => (
          <p class="prompt-preview-foot">
            Nothing to show yet: {waits().because.join(", ")} {waits().because.length === 1 ? "has" : "have"} no value.
            Run it first.
          </p>
        )}
      </Match>
      <Match when={of("skipped")}>
        <p class="prompt-preview-foot">It is skipped here: nothing is sent.</p>
      </Match>
      <Match when={of("error")}>
        {(failed) => (
          <p class="prompt-preview-foot bad">
            <CodeWords text={`${failed().error.message}. ${failed().error.cure ?? ""}`} />
          </p>
        )}
      </Match>
    </Switch>
  );
}

/** A message's text with its values marked. */
function MarkedText(props: { readonly message: MarkedMessage }) {
  const parts = () => {
    const { content, values } = props.message;
    let done = 0;
    const found = values.flatMap(({ start, end }) => {
      const before = { text: content.slice(done, start), value: false };
      done = end;
      return [before, { text: content.slice(start, end), value: true }];
    });
    return [...found, { text: content.slice(done), value: false }].filter(({ text }) => text !== "");
  };
  return (
    <div class="message-text" role="group" tabIndex={0} aria-label={`Text of the message: ${props.message.role}`}>
      <For each={parts()} fallback={<span class="ghost">empty</span>}>
        {({ text, value }) => (value ? <mark>{text}</mark> : text)}
      </For>
    </div>
  );
}
