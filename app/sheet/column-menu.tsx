import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { createMemo, Index, Show, untrack, type JSX } from "solid-js";
import { focusFirst } from "~/ui/focus-first";
import { columnRef, headerLabel, type CellColumn, type GridColumn } from "./columns";
import { leadOf } from "./column-slots";
import { costText } from "./cost-text";
import { FilterMenuItems } from "./filter-menu-items";
import { rangeOf, headerRow } from "./grid/selection";
import { choiceText, isToBeFound, runChoices, type RunChoice } from "./run-choices";
import { orderOf, putBefore } from "./settings";
import { createAnswer } from "./answer";
import { useSheet } from "./sheet-context";

/** The menu of a column: what of it can be run and what that would cost, and how it is sorted, filtered and placed. */
export function ColumnMenu(props: {
  readonly column: GridColumn;
  /** The labels of its line, where its cell has several within a row. */
  readonly line: string;
  readonly open: boolean;
  setOpen(open: boolean): void;
  readonly trigger: JSX.Element;
  /** It is closed, and focus goes elsewhere. */
  closed(): void;
}) {
  return (
    <DropdownMenu
      open={props.open}
      onOpenChange={props.setOpen}
      gutter={2}
      placement="bottom-end"
      preventScroll={false}
    >
      <DropdownMenu.Trigger
        class="sheet-menu-button"
        tabIndex={-1}
        aria-label={`Menu of ${headerLabel(props.column)}`}
        onPointerDown={(event: PointerEvent) => event.stopPropagation()}
      >
        {props.trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          class="sheet-popup"
          ref={focusFirst}
          onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}
          onCloseAutoFocus={(event: Event) => {
            event.preventDefault();
            // The menu gives the focus to its button after this.
            queueMicrotask(props.closed);
          }}
        >
          <Show when={props.line !== ""}>
            <div class="sheet-popup-title">of the line {props.line}</div>
          </Show>
          <Show when={props.column.type === "cell" && props.column.kind !== "label"}>
            <RunItems column={props.column as CellColumn} />
            <DropdownMenu.Separator class="sheet-popup-line" />
          </Show>
          <ArrangeItems column={props.column} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}

/** Ways to run the column, each with its number of results and what a run now would cost. Their lines stay where they are for as long as the menu is open. */
function RunItems(props: { readonly column: CellColumn }) {
  const { model, hands } = useSheet();
  const choices = createMemo((): readonly RunChoice[] => {
    const range = rangeOf(model.selection());
    const counts = model.sheet()?.counts[props.column.cell] ?? [];
    const rows = { total: model.rows.total() ?? 0, selected: range.top === headerRow ? null : range };
    return runChoices(props.column, counts, model.view(), rows);
  });
  const progress = () => model.node(props.column)?.progress ?? null;
  const wasRunning = untrack(progress) !== null;
  const stop = (): void => {
    const now = progress();
    if (now !== null) void model.notebook.actions.cancel(now.run, props.column.node);
  };
  return (
    <>
      <Show when={wasRunning}>
        <DropdownMenu.Item class="sheet-popup-item" disabled={progress() === null} onSelect={stop}>
          Stop {props.column.cell}
        </DropdownMenu.Item>
      </Show>
      <Index each={choices()}>
        {(choice) => (
          <DropdownMenu.Item
            class="sheet-popup-item"
            disabled={choice().count === 0}
            onSelect={() => void hands.run(props.column, choice(), titleOf(props.column, choice()))}
          >
            {choice().label}
            <Cost column={props.column} choice={choice()} />
          </DropdownMenu.Item>
        )}
      </Index>
    </>
  );
}

function titleOf(column: CellColumn, { id, rows }: RunChoice): string {
  const what =
    id === "all"
      ? "all rows"
      : rows.type === "range"
        ? `${rows.range.bottom - rows.range.top + 1} selected rows`
        : id.replace("-", " ");
  return `${column.cell}${column.label === "" ? "" : ` (${column.label})`}: ${what}`;
}

/** `78 · ≈ $0.05`: the number stands at once, the price as soon as it is worked out, both of what would be run now. */
function Cost(props: { readonly column: CellColumn; readonly choice: RunChoice }) {
  const { model, hands } = useSheet();
  const isCalled = () => {
    const effect = model.node(props.column)?.effect;
    return effect === "paid";
  };
  /** A model on this machine costs nothing, however often it is asked. */
  const isFree = () => model.node(props.column)?.effect === "model";
  const cost = createAnswer(
    () => (props.choice.count !== 0 && (isCalled() || isToBeFound(props.choice)) ? props.choice.rows : null),
    async (rows) => {
      const there = await hands.rowsOf(rows);
      if (there === null) return { found: { total: 0, run: 0 }, estimate: null };
      const estimate = isCalled() ? await hands.estimate(props.column, there.rows, props.choice) : null;
      return { found: there.found, estimate };
    },
  );
  const price = (): string => {
    if (cost.problem() !== undefined) return "no estimate";
    const known = cost.value();
    if (known === undefined) return "…";
    return known.estimate === null ? "nothing to call" : costText(known.estimate);
  };
  return (
    <span class="sheet-popup-note">
      {choiceText(props.choice, props.column, cost.value()?.found ?? null)}
      <Show when={(isCalled() || isFree()) && props.choice.count !== 0}>
        {" · "}
        {isFree() ? "free" : price()}
      </Show>
    </span>
  );
}

function ArrangeItems(props: { readonly column: GridColumn }) {
  const { model, hands, panels } = useSheet();
  const ref = () => columnRef(props.column);
  const sort = (descending: boolean | null): void =>
    model.arrange({ sort: descending === null ? [] : [{ column: ref(), descending }] });
  /** What is arranged is a place across, with all its lines. */
  const slot = () => model.slotOf(props.column);
  const own = () => slot().lines.map((line) => line.column.id);
  const slots = () => model.slots();
  const move = (by: 1 | -1): void => {
    const index = slots().indexOf(slot());
    const before = by === 1 ? (slots()[index + 2] ?? null) : slots()[index - 1];
    if (before === undefined) return;
    const ids = orderOf(model.allColumns(), model.settings());
    model.arrange({ order: putBefore(ids, own(), before === null ? null : leadOf(before).id) });
  };
  const toggled = (list: readonly string[]): readonly string[] =>
    list.includes(props.column.id) ? list.filter((id) => !own().includes(id)) : [...list, ...own()];
  const widen = (by: number): void =>
    model.arrange({
      widths: {
        ...model.settings().widths,
        [leadOf(slot()).id]: Math.max(48, model.widthOf(props.column) + by),
      },
    });
  const column = () => (props.column.type === "cell" ? props.column : null);
  const whole = () => ({
    top: 0,
    bottom: Math.max(0, model.size().rows - 1),
    left: model.columns().indexOf(props.column),
    right: model.columns().indexOf(props.column),
  });
  const Item = (item: {
    readonly children: JSX.Element;
    readonly keys?: string;
    readonly disabled?: boolean;
    select(): void;
  }) => (
    <DropdownMenu.Item class="sheet-popup-item" disabled={item.disabled ?? false} onSelect={item.select}>
      {item.children}
      <Show when={item.keys}>
        <span class="sheet-popup-note">{item.keys}</span>
      </Show>
    </DropdownMenu.Item>
  );
  return (
    <>
      <Item select={() => sort(false)}>Sort ascending</Item>
      <Item select={() => sort(true)}>Sort descending</Item>
      <Show when={model.view().sort.length > 0}>
        <Item select={() => sort(null)}>Do not sort</Item>
      </Show>
      <FilterMenuItems column={props.column} />
      <DropdownMenu.Separator class="sheet-popup-line" />
      <Item select={() => model.arrange({ pinned: toggled(model.settings().pinned) })}>
        {model.isPinned(props.column) ? "Unpin column" : "Pin column"}
      </Item>
      <Item select={() => model.arrange({ hidden: toggled(model.settings().hidden) })}>Hide column</Item>
      <DropdownMenu.Sub gutter={2}>
        <DropdownMenu.SubTrigger class="sheet-popup-item">
          Arrange<span class="sheet-popup-note">▸</span>
        </DropdownMenu.SubTrigger>
        <DropdownMenu.Portal>
          <DropdownMenu.SubContent class="sheet-popup" onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}>
            <Item select={() => move(-1)} disabled={slots()[0] === slot()}>
              Move left
            </Item>
            <Item select={() => move(1)} disabled={slots().at(-1) === slot()}>
              Move right
            </Item>
            <Item select={() => widen(60)}>Wider</Item>
            <Item select={() => widen(-60)}>Narrower</Item>
          </DropdownMenu.SubContent>
        </DropdownMenu.Portal>
      </DropdownMenu.Sub>
      <Show when={column()}>
        {(now) => (
          <>
            <DropdownMenu.Separator class="sheet-popup-line" />
            <Show when={now().kind !== "label"}>
              <Item select={() => void hands.lock(whole(), true)}>Lock values</Item>
              <Item select={() => void hands.lock(whole(), false)}>Unlock values</Item>
            </Show>
            <Show
              when={model
                .columns()
                .some((other) => other.type === "cell" && other.node === now().node && other !== now())}
            >
              <Item select={() => panels.showDiff()} keys="Alt+D">
                Differences word by word
              </Item>
            </Show>
            <Item
              select={() =>
                model.notebook.select({ cell: model.node(now())?.cells[0] ?? null, mode: "edit", address: null })
              }
            >
              Edit {now().kind}
            </Item>
          </>
        )}
      </Show>
    </>
  );
}
