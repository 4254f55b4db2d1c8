import { useNavigate } from "@solidjs/router";
import { createMemo, For, Show } from "solid-js";
import { notebookAddress } from "~/notebook/notebook-address";
import { changeWords } from "./change-words";
import { awaitedRows, type AwaitedStep } from "./awaited-rows";
import { useSheet } from "./sheet-context";

/** In the place of rows that are not there: what gives them, what they wait for, the one next step, and what each will have. */
export function RowsMissing() {
  const { model } = useSheet();
  const awaited = createAwaited();
  const computed = () => model.allColumns().flatMap((column) => (column.type === "cell" ? [column.cell] : []));
  return (
    <div class="empty sheet-awaited">
      <h2>{awaited().title}</h2>
      <p>{awaited().text}</p>
      <Step step={awaited().step} primary />
      <Show when={computed().length > 0}>
        <p class="sheet-awaited-columns">
          Each row then has <For each={[...new Set(computed())]}>{(cell) => <code>{cell}</code>}</For>
        </p>
      </Show>
    </div>
  );
}

/** Over rows of before, while those of now are awaited. */
export function RowsOfBefore() {
  const awaited = createAwaited();
  return (
    <div class="sheet-before" role="status">
      <span>
        <b>These are the rows of before.</b> {awaited().title.replace(/^The rows/, "They")}. {awaited().text}
      </span>
      <Step step={awaited().step} primary={false} />
    </div>
  );
}

/** Over rows that took the place of others: how many of them are new, changed or gone, until somebody has read it. */
export function RowsChanged() {
  const { model } = useSheet();
  const change = createMemo(() => {
    const now = model.sheet()?.change ?? null;
    const words = now === null ? "" : changeWords(now);
    return words === "" || now!.rows === model.settings().changeRead ? null : { words, rows: now!.rows };
  });
  return (
    <Show when={change()}>
      {(now) => (
        <div class="sheet-before changed" role="status">
          <span>
            <b>{model.sheet()?.rows} has changed:</b> {now().words}. Results follow their rows; what is new or stale is
            still to be run.
          </span>
          <button type="button" class="button" onClick={() => model.arrange({ changeRead: now().rows })}>
            Dismiss
          </button>
        </div>
      )}
    </Show>
  );
}

function createAwaited() {
  const { model } = useSheet();
  return createMemo(() => awaitedRows(model.id, model.notebook.store.view));
}

function Step(props: { readonly step: AwaitedStep; readonly primary: boolean }) {
  const { model } = useSheet();
  const navigate = useNavigate();
  const { actions, store, select } = model.notebook;
  function take(): void {
    const { step } = props;
    switch (step.type) {
      case "run":
        return void actions.run({ scope: { type: "cells", cells: [step.node] }, title: step.node, retryErrors: true });
      case "stop":
        return void actions.cancel(step.run, step.node);
      case "go":
        navigate(notebookAddress(store.path));
        if (step.cell !== null) select({ cell: step.cell, mode: "command", address: null });
    }
  }
  return (
    <button type="button" class="button" classList={{ primary: props.primary }} onClick={take}>
      {props.step.label}
    </button>
  );
}
