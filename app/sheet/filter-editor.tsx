import { Popover } from "@kobalte/core/popover";
import { createEffect, createSignal, For, on, Show, type ParentProps } from "solid-js";
import { columnText, type ViewFilter } from "#server/notebook/sheet-view.ts";
import {
  columnOf,
  conditions,
  conditionsOf,
  draftOf,
  filterOf,
  offeredText,
  operandOf,
  operandsOf,
  type Condition,
  type FilterDraft,
} from "./filter-draft";
import type { GridColumn } from "./columns";
import { useSheet } from "./sheet-context";

/** A filter as a form: of which column, what of it, and what it is compared with. */
export function FilterEditor(
  props: ParentProps<{ readonly filter: ViewFilter | null; keep(filter: ViewFilter | null): void }>,
) {
  const { model } = useSheet();
  const [open, setOpen] = createSignal(false);
  const empty = { column: "", condition: "is", value: "", to: "", was: null } as const;
  const [draft, setDraft] = createSignal<FilterDraft>(empty);
  const columns = () => model.allColumns();
  createEffect(
    on(open, (isOpen) => {
      if (!isOpen) return;
      const first = (model.activeColumn() ?? columns()[0])?.id ?? "";
      setDraft(props.filter === null ? { ...empty, column: first } : draftOf(props.filter, columns()));
    }),
  );
  const column = (): GridColumn | undefined => columnOf(draft(), columns());
  const offered = (): readonly Condition[] => (column() === undefined ? [] : conditionsOf(column()!));
  const nameOf = (each: GridColumn): string =>
    each.type === "row" ? each.name : [each.cell, each.label].filter((word) => word !== "").join(" · ");
  /** What a filter that is changed is of, where that is no column. */
  const other = (): string | null =>
    props.filter === null || draftOf(props.filter, columns()).column !== "" ? null : columnText(props.filter.column);
  const change = (part: Partial<FilterDraft>): void => {
    const was = part.column === "" ? props.filter : null;
    const next = { ...draft(), ...part, ...(part.column === undefined ? {} : { was }) };
    const now = columnOf(next, columns());
    const known = now === undefined || conditionsOf(now).includes(next.condition);
    setDraft(known ? next : { ...next, condition: "is" });
  };
  const values = () => {
    const now = column();
    if (now === undefined) return [];
    return (model.figures.of(now)?.top ?? []).flatMap(({ value }) => operandOf(value) ?? []);
  };
  const filter = () => filterOf(draft(), columns(), values());
  const list = `values-${model.id}-${Math.random().toString(36).slice(2)}`;
  return (
    <Popover open={open()} onOpenChange={setOpen} modal preventScroll={false} gutter={4} placement="bottom-start">
      <Popover.Trigger class="sheet-pill-text">{props.children}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          class="sheet-popup sheet-form"
          aria-label="Filter"
          onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}
        >
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const now = filter();
              if (now === null) return;
              props.keep(now);
              setOpen(false);
            }}
          >
            <label>
              Column
              <select
                class="field"
                value={draft().column}
                onChange={(event) => change({ column: event.currentTarget.value })}
              >
                <Show when={other()}>{(name) => <option value="">{name()}</option>}</Show>
                <For each={columns()}>{(each) => <option value={each.id}>{nameOf(each)}</option>}</For>
              </select>
            </label>
            <label>
              Condition
              <select
                class="field"
                value={draft().condition}
                onChange={(event) => change({ condition: event.currentTarget.value as Condition })}
              >
                <For each={offered()}>{(each) => <option value={each}>{conditions[each]}</option>}</For>
              </select>
            </label>
            <Show when={operandsOf(draft().condition) > 0}>
              <label>
                {draft().condition === "one-of"
                  ? "Values, with commas between"
                  : draft().condition === "between"
                    ? "From"
                    : "Value"}
                <input
                  class="field"
                  list={list}
                  value={draft().value}
                  onInput={(event) => change({ value: event.currentTarget.value })}
                />
                <datalist id={list}>
                  <For each={values().flatMap((value) => offeredText(value, draft().condition) ?? [])}>
                    {(text) => <option value={text} />}
                  </For>
                </datalist>
              </label>
            </Show>
            <Show when={operandsOf(draft().condition) === 2}>
              <label>
                To
                <input
                  class="field"
                  value={draft().to}
                  onInput={(event) => change({ to: event.currentTarget.value })}
                />
              </label>
            </Show>
            <div class="sheet-form-row">
              <Show when={props.filter !== null}>
                <button
                  type="button"
                  class="button"
                  onClick={() => {
                    props.keep(null);
                    setOpen(false);
                  }}
                >
                  Remove
                </button>
              </Show>
              <span class="spring" />
              <button type="submit" class="button primary" disabled={filter() === null}>
                {props.filter === null ? "Add filter" : "Change filter"}
              </button>
            </div>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  );
}
