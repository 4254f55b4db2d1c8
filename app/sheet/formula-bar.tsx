import { createMemo, createSignal, For, Match, Show, Switch } from "solid-js";
import { headerRow } from "./grid/selection";
import { textNow } from "./read-range";
import type { CellColumn } from "./columns";
import { createAnswer } from "./answer";
import { formulaParts, type FormulaPart } from "./formula-parts";
import { useSheet } from "./sheet-context";

/** The selected cell: where it is, the text it is computed from, and that text as it is for this row. */
export function FormulaBar() {
  const { model, panels } = useSheet();
  const [rendered, setRendered] = createSignal(true);
  const column = () => model.activeColumn();
  const row = () => model.activeRow();
  /** Behind the column's name: the row, and the label; nothing for a column as a whole. */
  const place = () => {
    const now = column();
    if (now === undefined || model.selection().active.row === headerRow) return "";
    return ` · row ${row()?.ordinal ?? "…"}${now.type === "cell" && now.label !== "" ? ` · ${now.label}` : ""}`;
  };
  const computed = createMemo((): CellColumn | null => {
    const now = column();
    return now?.type === "cell" && now.kind !== "label" ? now : null;
  });
  const source = () => {
    const now = computed();
    const node = now === null ? undefined : model.node(now);
    const { cells } = model.notebook.store.view;
    const path = node?.cells.find((each) => cells[each]?.label === now!.at["prompt"]) ?? node?.cells[0];
    const cell = cells[path ?? ""];
    if (cell === undefined) return "";
    return cell.source.trim() === ""
      ? Object.entries(cell.configuration)
          .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
          .join("  ")
      : cell.source;
  };
  /** What a run would send for this row as things stand, rendered by the engine. */
  const preview = createAnswer(
    () => {
      const now = computed();
      const there = row();
      if (!rendered() || now === null || there === undefined || now.kind !== "prompt") return null;
      // Another text, other inputs and new results above render otherwise.
      const version = [model.notebook.store.view.head.head.revision, model.sheet()?.version ?? 0] as const;
      return [now.node, model.variantAt(now), there.row, version] as const;
    },
    ([node, at, id]) => model.api.rendered(node, at, id),
    // An arrow key that is held goes through many rows.
    { forgets: true, after: () => 60 },
  );
  const sent = (): readonly FormulaPart[] | null => {
    const found = preview.value();
    return found?.type === "call" ? formulaParts(found.messages, found.completion) : null;
  };
  /** Why nothing would be sent for this row. */
  const notSent = (): string | null => {
    const found = preview.value();
    switch (found?.type) {
      case "waits":
        return `waits for ${found.because.join(", ")}`;
      case "skipped":
        return "skipped in this row";
      case "error":
        return found.error.message;
      case "call":
      case undefined:
        return null;
    }
  };
  const value = () => {
    const there = row();
    const now = column();
    return there === undefined || now === undefined ? "" : (textNow(there, now) ?? "");
  };
  return (
    <div class="sheet-formula">
      <span class="sheet-formula-at">
        <Show when={column()}>{(now) => nameOf(now())}</Show>
        <Show
          when={model.hasRows()}
          fallback={
            // The text beside it stays where it is when the rows come.
            <span class="sheet-formula-unseen" aria-hidden="true">
              {place()}
            </span>
          }
        >
          {place()}
        </Show>
      </span>
      <span class="sheet-formula-text">
        <Switch fallback={<Lines text={value()} />}>
          <Match when={sent()}>
            {(parts) => (
              <span class="sheet-formula-tail">
                <For each={parts()}>{(part) => (part.marked ? <mark>{part.text}</mark> : part.text)}</For>
              </span>
            )}
          </Match>
          <Match when={notSent()}>{(why) => <span class="dim">{why()}</span>}</Match>
          <Match when={computed() !== null}>
            <Lines text={source()} />
          </Match>
        </Switch>
      </span>
      <Show when={computed()?.kind === "prompt"}>
        <span class="sheet-formula-forms" role="group" aria-label="Show the prompt">
          <button type="button" aria-pressed={!rendered()} onClick={() => setRendered(false)}>
            template
          </button>
          <button
            type="button"
            aria-pressed={rendered()}
            onClick={() => setRendered(true)}
            title="As it would be sent for this row"
          >
            rendered
          </button>
        </span>
      </Show>
      <button type="button" class="quiet" title="Read in full size (Space)" onClick={() => panels.openReader()}>
        read
      </button>
    </div>
  );
}

function nameOf(column: NonNullable<ReturnType<ReturnType<typeof useSheet>["model"]["activeColumn"]>>): string {
  return column.type === "row" ? column.name : column.cell;
}

/** The beginning of a text in one line, its line breaks shown. */
function Lines(props: { readonly text: string }) {
  return (
    <>
      {props.text
        .trim()
        .slice(0, 2_000)
        .replaceAll(/\s*\n\s*/g, " ⏎ ")}
    </>
  );
}
