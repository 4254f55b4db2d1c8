import { Index, Show } from "solid-js";
import { A } from "@solidjs/router";
import Maximize from "lucide-solid/icons/maximize-2";
import RefreshCw from "lucide-solid/icons/refresh-cw";
import Search from "lucide-solid/icons/search";
import X from "lucide-solid/icons/x";
import { columnText, filterText, type ViewFilter } from "#server/notebook/sheet-view.ts";
import { notebookAddress } from "~/notebook/notebook-address";
import { FilterEditor } from "./filter-editor";
import { HiddenColumns } from "./hidden-columns";
import { QuickFilters } from "./quick-filters";
import { SheetViews } from "./sheet-views";
import { useSheet } from "./sheet-context";

/** What of the sheet is looked at: its filters as pills in words, what is looked for, and how it is sorted. */
export function PillBar(props: { readonly full: boolean }) {
  const { model, panels } = useSheet();
  const { settings, arrange, view, sought, setSought } = model;
  const replace = (index: number, filter: ViewFilter | null): void =>
    arrange({
      filters: settings().filters.flatMap((each, at) => (at !== index ? [each] : filter === null ? [] : [filter])),
    });
  let adding!: HTMLElement;
  /** The focus was on what is gone then, or is on the next of them. */
  const remove = (index: number): void => {
    replace(index, null);
    setTimeout(() => {
      if (document.activeElement === document.body) adding.querySelector("button")?.focus();
    });
  };
  const add = (filter: ViewFilter): void => arrange({ filters: [...settings().filters, filter] });

  const sorted = () =>
    view()
      .sort.map(({ column, descending }) => `${columnText(column)} ${descending ? "↓" : "↑"}`)
      .join(", ");
  return (
    <div class="sheet-pills">
      <div class="sheet-pills-part">
        <Index each={settings().filters}>
          {(filter, index) => (
            <span class="sheet-pill on">
              <FilterEditor filter={filter()} keep={(next) => (next === null ? remove(index) : replace(index, next))}>
                {filterText(filter())}
              </FilterEditor>
              <button
                type="button"
                aria-label={`Remove the filter: ${filterText(filter())}`}
                onClick={() => remove(index)}
              >
                <X />
              </button>
            </span>
          )}
        </Index>
        <span class="sheet-pill" ref={adding}>
          <FilterEditor filter={null} keep={(next) => next !== null && add(next)}>
            + filter
          </FilterEditor>
        </span>
        {/* What comes and goes with the results stands after what stays. */}
        <label class="sheet-search">
          <Search aria-hidden="true" />
          <input
            type="search"
            ref={panels.setSearchField}
            placeholder="Search rows"
            aria-label="Search rows"
            value={sought()}
            onInput={(event) => setSought(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape" && sought() !== "") {
                setSought("");
                event.preventDefault();
              }
              event.stopPropagation();
            }}
          />
        </label>
        <div class="sheet-pills-offered">
          <QuickFilters />
        </div>
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
