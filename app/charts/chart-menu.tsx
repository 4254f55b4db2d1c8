import { Popover } from "@kobalte/core/popover";
import { createMemo, createSignal, For, Show } from "solid-js";
import ChartColumn from "lucide-solid/icons/chart-column";
import type { Chart, Table } from "#server/notebook/value.ts";
import { useNotebook } from "~/notebook/notebook-context";
import { chartCell, firstChart, type ChartChoice } from "./chart-cell";
import "~/ui/popup.css";

const kinds: readonly Chart["kind"][] = ["bar", "line", "scatter", "histogram"];

/** Makes a chart of a table without code: what is chosen becomes a chart cell below. */
export function ChartMenu(props: { readonly cell: string; readonly table: Table }) {
  const { store, actions, select } = useNotebook();
  const [open, setOpen] = createSignal(false);
  const first = createMemo(() => firstChart(props.table.columns));
  const [choice, setChoice] = createSignal<ChartChoice | null>(null);
  const now = () => choice() ?? first();
  const change = (more: Partial<ChartChoice>): void => void setChoice({ ...now(), ...more });
  const names = () => props.table.columns.map(({ name }) => name);

  const insert = async (): Promise<void> => {
    const cell = store.view.cells[props.cell];
    if (cell === undefined) return;
    const { name, text } = chartCell(
      now(),
      cell.name,
      Object.values(store.view.cells).map((each) => each.name),
    );
    setOpen(false);
    if (await actions.edit([{ type: "insert", at: { after: props.cell }, text }]))
      select({ cell: name, mode: "command", address: null });
  };

  return (
    <Popover open={open()} onOpenChange={setOpen} placement="bottom-end">
      <Popover.Trigger class="button quiet-button" title="Make a chart of this table">
        <ChartColumn aria-hidden="true" /> Chart
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content class="popup" onKeyDown={(event) => event.stopPropagation()}>
          <form
            class="popup-form"
            onSubmit={(event) => {
              event.preventDefault();
              void insert();
            }}
          >
            <Popover.Title class="popup-title">Chart of {props.cell}</Popover.Title>
            <label>
              Type
              <select
                class="field"
                value={now().kind}
                onChange={(event) => change({ kind: event.currentTarget.value as Chart["kind"] })}
              >
                <For each={kinds}>{(kind) => <option value={kind}>{kind}</option>}</For>
              </select>
            </label>
            <label>
              Across
              <select class="field" value={now().x} onChange={(event) => change({ x: event.currentTarget.value })}>
                <For each={names()}>{(name) => <option value={name}>{name}</option>}</For>
              </select>
            </label>
            <Show when={now().kind !== "histogram"}>
              <label>
                Up
                <select class="field" value={now().y} onChange={(event) => change({ y: event.currentTarget.value })}>
                  <option value="">how many rows</option>
                  <For each={names()}>{(name) => <option value={name}>{name}</option>}</For>
                </select>
              </label>
            </Show>
            <label>
              Series
              <select
                class="field"
                value={now().series}
                onChange={(event) => change({ series: event.currentTarget.value })}
              >
                <option value="">none</option>
                <For each={names()}>{(name) => <option value={name}>{name}</option>}</For>
              </select>
            </label>
            <button type="submit" class="button primary">
              Insert the chart below
            </button>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  );
}
