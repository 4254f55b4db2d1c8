import { createMemo, For, Show } from "solid-js";
import type { ViewFilter } from "#server/notebook/sheet-view.ts";
import { createAnswer } from "./answer";
import type { CellColumn } from "./columns";
import { useSheet } from "./sheet-context";
import { sameJson } from "~/ui/same-json";

interface QuickFilter {
  readonly label: string;
  readonly filter: ViewFilter;
}

/** What is looked for most often, one click away: where variants of a cell differ, and what failed. */
export function QuickFilters() {
  const { model } = useSheet();
  const { settings, arrange } = model;
  const cells = () =>
    model.allColumns().filter((column): column is CellColumn => column.type === "cell" && column.kind !== "label");
  const failed = (): CellColumn | undefined => {
    const counts = model.sheet()?.counts ?? {};
    return cells().find(({ cell }) => counts[cell]?.some(({ outcomes }) => (outcomes.error ?? 0) > 0));
  };
  // Counts that change leave the pills alone.
  const offered = createMemo((): readonly QuickFilter[] => quickFilters(cells(), failed()), [], {
    equals: sameJson,
  });
  return (
    <For each={offered()}>
      {({ label, filter }) => (
        <Show when={!settings().filters.some((each) => sameJson(each, filter))}>
          <QuickPill
            label={label}
            filter={filter}
            add={(added) => arrange({ filters: [...settings().filters, added] })}
          />
        </Show>
      )}
    </For>
  );
}

function quickFilters(cells: readonly CellColumn[], failed: CellColumn | undefined): readonly QuickFilter[] {
  const compared = cells.find(({ kind, label, field }) => kind !== "score" && label !== "" && field === null);
  const scored = cells.find(({ kind, label }) => kind === "score" && label !== "");
  const of = ({ cell }: CellColumn) => ({ type: "cell", cell, at: {} }) as const;
  return [
    ...(compared === undefined
      ? []
      : [{ label: "differences only", filter: { type: "differs", column: of(compared) } as const }]),
    ...(scored === undefined
      ? []
      : [{ label: "verdicts differ", filter: { type: "differs", column: of(scored) } as const }]),
    ...(failed === undefined
      ? []
      : [
          {
            label: `${failed.cell} failed`,
            filter: { type: "state", column: of(failed), state: "failed" } as const,
          },
        ]),
  ];
}

/** A filter to be added with one click, with how many rows it leaves. */
function QuickPill(props: { readonly label: string; readonly filter: ViewFilter; add(filter: ViewFilter): void }) {
  const { model } = useSheet();
  const count = createAnswer(
    () => [model.sheet()?.version ?? 0, JSON.stringify(model.view())] as const,
    async () => {
      const found = await model.api.found({ ...model.view(), search: "" }, props.filter, null);
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
