import { createMemo, createResource, createSignal, lazy, Match, Show, Suspense, Switch } from "solid-js";
import type { Datum } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";
import { useNotebook } from "~/notebook/notebook-context";
import type { ValuePart } from "~/values/value-view";
import { TableView } from "~/values/table-view";
import { sameJson } from "~/ui/same-json";
import { chartModel } from "./chart-model";
import "./charts.css";

const ChartPicture = lazy(() => import("./chart-picture").then(({ ChartPicture }) => ({ default: ChartPicture })));

type Rows = readonly (readonly Datum[])[];

/** Rows a chart is drawn of. */
const mostRows = 2_000;
const height = 260;

/** A chart, what it says in a sentence, and one click away the table it is drawn of. */
export function ChartView(props: ValuePart<"chart">) {
  const { store } = useNotebook();
  const [asTable, setAsTable] = createSignal(false);
  const chart = createMemo(() => props.value.value, undefined, {
    equals: sameJson,
  });
  const [rows] = createResource(
    () => ({ table: chart().table, address: props.address }),
    async ({ table, address }): Promise<Rows> => {
      if (table.rows !== undefined) return table.rows;
      const found: Rows[] = [];
      for (let from = 0; from < Math.min(table.rowCount, mostRows); from += 1_000)
        found.push(
          (await api.notebook.tableRows.query({ path: store.path, address: address!, from, to: from + 1_000 })) as Rows,
        );
      return found.flat();
    },
  );
  const model = createMemo(() =>
    rows.error ? null : rows.latest === undefined ? undefined : chartModel(chart(), rows.latest),
  );
  return (
    <figure class="chart">
      <Switch fallback={<div style={{ height: `${height}px` }} aria-busy="true" />}>
        <Match when={rows.error}>
          <p class="chart-empty">
            {problemOf(rows.error).message}. {problemOf(rows.error).cure}
          </p>
        </Match>
        <Match when={asTable()}>
          <TableView
            value={{ type: "table", value: chart().table }}
            address={props.address}
            full={null}
            cell={null}
            narrow={props.narrow}
          />
        </Match>
        <Match when={model()}>
          {(now) => (
            <Show
              when={
                now().type !== "empty" ? (now() as Exclude<ReturnType<typeof chartModel>, { type: "empty" }>) : null
              }
              fallback={<p class="chart-empty">{(now() as { readonly reason: string }).reason}</p>}
            >
              {(drawn) => (
                <Suspense fallback={<div style={{ height: `${height}px` }} aria-busy="true" />}>
                  <ChartPicture model={drawn()} height={height} />
                  <Show when={drawn().note}>
                    {(note) => <figcaption class="chart-note">Drawn: {note()}.</figcaption>}
                  </Show>
                </Suspense>
              )}
            </Show>
          )}
        </Match>
      </Switch>
      <button
        type="button"
        class="link chart-table"
        aria-pressed={asTable()}
        onClick={(event) => {
          event.stopPropagation();
          setAsTable((before) => !before);
        }}
      >
        {asTable() ? "show the chart" : "show the table"}
      </button>
    </figure>
  );
}
