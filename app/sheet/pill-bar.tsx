import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { createEffect, createMemo, createSignal, For, onCleanup, Show } from "solid-js";
import { A } from "@solidjs/router";
import Maximize from "lucide-solid/icons/maximize-2";
import RefreshCw from "lucide-solid/icons/refresh-cw";
import Search from "lucide-solid/icons/search";
import X from "lucide-solid/icons/x";
import { columnText, filterText, type ViewFilter } from "#server/notebook/sheet-view.ts";
import { notebookAddress } from "~/notebook/notebook-address";
import type { CellColumn } from "./columns";
import { FilterEditor } from "./filter-editor";
import { SheetViews } from "./sheet-views";
import { createAnswer } from "./answer";
import { useSheet } from "./sheet-context";

/** Milliseconds after a key until what is looked for is looked for. */
const settle = 200;

/** What of the sheet is looked at: its filters as pills in words, what is looked for, and how it is sorted. */
export function PillBar(props: { readonly full: boolean }) {
  const { model, panels } = useSheet();
  const { settings, arrange, view, allColumns } = model;
  const [text, setText] = createSignal("");
  createEffect(() => {
    const sought = text();
    const timer = setTimeout(() => model.setSearch(sought.trim()), sought === "" ? 0 : settle);
    onCleanup(() => clearTimeout(timer));
  });
  const replace = (index: number, filter: ViewFilter | null): void =>
    arrange({
      filters: settings().filters.flatMap((each, at) => (at !== index ? [each] : filter === null ? [] : [filter])),
    });
  const add = (filter: ViewFilter): void => arrange({ filters: [...settings().filters, filter] });

  /** Columns of a cell with several variants, and those that can fail: what is looked for most often is one click away. */
  const quick = createMemo((): readonly { readonly label: string; readonly filter: ViewFilter }[] => {
    const cells = allColumns().filter(
      (column): column is CellColumn => column.type === "cell" && column.kind !== "label",
    );
    const compared = cells.find(({ kind, label, field }) => kind !== "score" && label !== "" && field === null);
    const scored = cells.find(({ kind, label }) => kind === "score" && label !== "");
    const differs = (column: CellColumn, what: string) => ({
      label: what,
      filter: { type: "differs", column: { type: "cell", cell: column.cell, at: {} } } as const,
    });
    const counts = model.sheet()?.counts ?? {};
    const failed = cells.find(({ cell }) => counts[cell]?.some(({ outcomes }) => (outcomes.error ?? 0) > 0));
    return [
      ...(compared === undefined ? [] : [differs(compared, "differences only")]),
      ...(scored === undefined ? [] : [differs(scored, "verdicts differ")]),
      ...(failed === undefined
        ? []
        : [
            {
              label: `${failed.cell} failed`,
              filter: { type: "state", column: { type: "cell", cell: failed.cell, at: {} }, state: "failed" } as const,
            },
          ]),
    ];
  });
  const sorted = () =>
    view()
      .sort.map(({ column, descending }) => `${columnText(column)} ${descending ? "↓" : "↑"}`)
      .join(", ");
  return (
    <div class="sheet-pills">
      <div class="sheet-pills-part">
        <For each={settings().filters}>
          {(filter, index) => (
            <span class="sheet-pill on">
              <FilterEditor filter={filter} keep={(next) => replace(index(), next)}>
                {filterText(filter)}
              </FilterEditor>
              <button
                type="button"
                aria-label={`Remove the filter: ${filterText(filter)}`}
                onClick={() => replace(index(), null)}
              >
                <X />
              </button>
            </span>
          )}
        </For>
        <span class="sheet-pill">
          <FilterEditor filter={null} keep={(next) => next !== null && add(next)}>
            + filter
          </FilterEditor>
        </span>
        <For each={quick()}>
          {({ label, filter }) => (
            <Show when={!settings().filters.some((each) => JSON.stringify(each) === JSON.stringify(filter))}>
              <QuickPill label={label} filter={filter} add={add} />
            </Show>
          )}
        </For>
        <label class="sheet-search">
          <Search aria-hidden="true" />
          <input
            type="search"
            ref={panels.setSearchField}
            placeholder="Search rows"
            aria-label="Search rows"
            value={text()}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape" && text() !== "") {
                setText("");
                event.preventDefault();
              }
              event.stopPropagation();
            }}
          />
        </label>
        <Show when={model.rows.outdated()}>
          <button
            type="button"
            class="sheet-pill"
            onClick={() => model.rows.reset(true)}
            title="Results have changed: some rows may no longer fit the filters or stand in order"
          >
            <RefreshCw /> put in order
          </button>
        </Show>
      </div>
      <div class="sheet-pills-part end">
        <Show when={sorted() !== ""}>
          <span class="sheet-sorted-words">
            sorted by {sorted()}
            <button type="button" class="quiet" aria-label="Do not sort" onClick={() => arrange({ sort: [] })}>
              <X />
            </button>
          </span>
        </Show>
        <SheetViews />
        <HiddenColumns />
        <Show when={!props.full}>
          <A
            class="icon-button"
            href={`${notebookAddress(model.notebook.store.path)}?sheet=${encodeURIComponent(model.id)}`}
            aria-label={`${model.id} over the whole page`}
            data-tip="Over the whole page"
          >
            <Maximize />
          </A>
        </Show>
      </div>
    </div>
  );
}

/** A filter to be added with one click, with how many rows it leaves. */
function QuickPill(props: { readonly label: string; readonly filter: ViewFilter; add(filter: ViewFilter): void }) {
  const { model } = useSheet();
  const count = createAnswer(
    () => [model.sheet()?.version ?? 0, JSON.stringify(model.view())] as const,
    async () => {
      const found = await model.api.found({ ...model.view(), search: "" }, props.filter);
      return found?.total ?? null;
    },
  );
  return (
    <Show when={count.problem() === undefined && (count.value() ?? 0) > 0}>
      <button type="button" class="sheet-pill" onClick={() => props.add(props.filter)}>
        {props.label} · {count.value()!.toLocaleString("en")}
      </button>
    </Show>
  );
}

/** Columns that are hidden, to be shown again; and how rows are set. */
function HiddenColumns() {
  const { model } = useSheet();
  const hidden = () => model.allColumns().filter(({ id }) => model.settings().hidden.includes(id));
  return (
    <DropdownMenu gutter={2} placement="bottom-end" preventScroll={false}>
      <DropdownMenu.Trigger class="sheet-pill">
        {hidden().length === 0 ? "View" : `${hidden().length} hidden`}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="sheet-popup">
          <DropdownMenu.CheckboxItem
            class="sheet-popup-item"
            checked={model.settings().wrap}
            onChange={(wrap) => model.arrange({ wrap })}
          >
            <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
            Wrap text
          </DropdownMenu.CheckboxItem>
          <Show when={hidden().length > 0}>
            <DropdownMenu.Separator class="sheet-popup-line" />
            <For each={hidden()}>
              {(column) => (
                <DropdownMenu.Item
                  class="sheet-popup-item"
                  onSelect={() => model.arrange({ hidden: model.settings().hidden.filter((id) => id !== column.id) })}
                >
                  Show {column.type === "row" ? column.name : `${column.cell} ${column.label}`}
                </DropdownMenu.Item>
              )}
            </For>
            <DropdownMenu.Item class="sheet-popup-item" onSelect={() => model.arrange({ hidden: [] })}>
              Show all columns
            </DropdownMenu.Item>
          </Show>
          <DropdownMenu.Separator class="sheet-popup-line" />
          <DropdownMenu.Item
            class="sheet-popup-item"
            onSelect={() => model.arrange({ widths: {}, order: [], pinned: [] })}
          >
            Arrange columns as they were
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
