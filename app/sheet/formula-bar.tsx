import { createMemo, createSignal, For, Match, Show, Switch } from "solid-js";
import { headerRow } from "./grid/selection";
import { textNow } from "./read-range";
import type { CellColumn } from "./columns";
import { createAnswer } from "./answer";
import { useSheet } from "./sheet-context";

/** The selected cell: where it is, the text it is computed from, and that text as it is for this row. */
export function FormulaBar() {
  const { model, panels } = useSheet();
  const [rendered, setRendered] = createSignal(true);
  const column = () => model.activeColumn();
  const row = () => model.activeRow();
  const where = () => {
    const now = column();
    if (now === undefined || model.selection().active.row === headerRow) return now === undefined ? "" : nameOf(now);
    return `${now.type === "row" ? now.name : now.cell} · row ${row()?.ordinal ?? "…"}${now.type === "cell" && now.label !== "" ? ` · ${now.label}` : ""}`;
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
  /** What was sent for this row, where something was. */
  const sent = createAnswer(
    () => {
      const now = computed();
      const there = row();
      if (!rendered() || now === null || there === undefined || now.kind !== "prompt") return null;
      const cell = there.cells[now.cell]?.[now.places[0]!] ?? null;
      return cell === null ? null : ([there.row, now.cell, cell.at] as const);
    },
    async ([id, cell, at]) => {
      const { request } = (await model.api.cell(id, cell, at)).calls[0]?.journal ?? { request: null };
      if (request === null) return null;
      return request.completion ?? request.messages.map(({ role, content }) => `${role}: ${content}`).join("\n");
    },
    { forgets: true },
  );
  const value = () => {
    const there = row();
    const now = column();
    return there === undefined || now === undefined ? "" : (textNow(there, now) ?? "");
  };
  return (
    <div class="sheet-formula">
      <span class="sheet-formula-at">{where()}</span>
      <span class="sheet-formula-text">
        <Switch fallback={<Lines text={value()} />}>
          <Match when={computed() !== null && rendered() && sent.problem() === undefined && sent.value() != null}>
            <Lines
              text={sent.value()!}
              mark={
                row() === undefined
                  ? []
                  : Object.values(row()!.values).filter((each): each is string => typeof each === "string")
              }
            />
          </Match>
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
            title="As it was sent for this row"
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

/** A text in one line, its line breaks shown; values of the row in it are marked. */
function Lines(props: { readonly text: string; readonly mark?: readonly string[] }) {
  const parts = () => {
    const text = props.text
      .trim()
      .slice(-4_000)
      .replaceAll(/\s*\n\s*/g, " ⏎ ");
    const found = (props.mark ?? [])
      .map((each) => each.trim().replaceAll(/\s*\n\s*/g, " ⏎ "))
      .filter((each) => each.length > 2 && text.includes(each))
      .toSorted((left, right) => right.length - left.length)[0];
    if (found === undefined) return [{ text, marked: false }];
    const at = text.lastIndexOf(found);
    return [
      { text: text.slice(0, at), marked: false },
      { text: found, marked: true },
      { text: text.slice(at + found.length), marked: false },
    ];
  };
  return <For each={parts()}>{(part) => (part.marked ? <mark>{part.text}</mark> : part.text)}</For>;
}
