import { createMemo, For, onCleanup, Show } from "solid-js";
import { parseAddress } from "#server/notebook/address.ts";
import { toValue, type Value } from "#server/notebook/value.ts";
import type { SheetCell } from "#server/runner/sheet-rows.ts";
import { ErrorView } from "~/values/error-view";
import { ValueView } from "~/values/value-view";
import { atRest, cellLook } from "./cell-look";
import { labelsText, variantGroups, type CellColumn } from "./columns";
import { GridMarks, Mark } from "./grid-marks";
import { openSheet, type OpenSheet } from "./open-sheets";
import { scoreOf } from "./score-of";
import "./row-detail.css";

/** The whole of a sheet's row: its columns, and every variant of every cell side by side. `address` is of any result of the row. */
export function RowDetail(props: { readonly address: string }) {
  const at = () => parseAddress(props.address);
  const sheet = () => at().cell.split(".")[0]!;
  return (
    <Show when={openSheet(sheet())} fallback={<p class="dim">Its sheet is not on the page.</p>} keyed>
      {(open) => <Row open={open} row={at().at[sheet()] ?? ""} address={props.address} />}
    </Show>
  );
}

function Row(props: { readonly open: OpenSheet; readonly row: string; readonly address: string }) {
  const { model } = props.open;
  const row = createMemo(() => {
    model.rows.version();
    const place = model.rows.placeOf(props.row);
    return place < 0 ? undefined : model.rows.row(place);
  });
  model.setWhole(true);
  onCleanup(() => model.setWhole(false));
  const rowColumns = () => model.allColumns().flatMap((column) => (column.type === "row" ? [column.name] : []));
  /** One column for each cell: all its variants are shown, also those the grid leaves out. */
  const cells = () => [
    ...new Map(
      model.allColumns().flatMap((column) => (column.type === "cell" ? [[column.cell, column] as const] : [])),
    ).values(),
  ];
  return (
    <Show when={row()} fallback={<p class="dim">This row is not in sight: scroll to it.</p>}>
      {(now) => (
        <div class="row-detail">
          <GridMarks />
          <div class="row-detail-head">
            <span class="spring" />
            <button type="button" class="button" onClick={() => void props.open.hands.openAsInputs(now())}>
              Open as inputs
            </button>
          </div>
          <dl>
            <For each={rowColumns()}>
              {(name) => (
                <>
                  <dt>{name}</dt>
                  <dd>
                    <ValueView
                      value={toValue(now().values[name] ?? null)}
                      address={null}
                      full={null}
                      cell={null}
                      narrow
                    />
                    <Show when={now().lengths[name] !== undefined}>
                      <span class="dim">
                        {" "}
                        … {now().lengths[name]!.toLocaleString("en")} characters; Space on its cell reads all.
                      </span>
                    </Show>
                  </dd>
                </>
              )}
            </For>
          </dl>
          <For each={cells()}>
            {(column) => (
              <section class="row-detail-cell">
                <h3>
                  {column.cell} <small>{column.kind}</small>
                </h3>
                <div class="row-detail-variants">
                  <For each={variantsOf(props.open, column)}>
                    {({ at, places }) => (
                      <For each={places}>
                        {(place, index) => (
                          <Variant
                            open={props.open}
                            column={column}
                            label={[labelsText(at), places.length > 1 ? `repeat ${index() + 1}` : ""]
                              .filter((word) => word !== "")
                              .join(" · ")}
                            cell={now().cells[column.cell]?.[place] ?? null}
                            score={scoreOf(now(), column, place)}
                          />
                        )}
                      </For>
                    )}
                  </For>
                </div>
              </section>
            )}
          </For>
        </div>
      )}
    </Show>
  );
}

function variantsOf({ model }: OpenSheet, column: CellColumn): ReturnType<typeof variantGroups> {
  const node = model.node(column);
  return node === undefined ? [] : variantGroups(node);
}

function Variant(props: {
  readonly open: OpenSheet;
  readonly column: CellColumn;
  readonly label: string;
  readonly cell: SheetCell | null;
  readonly score: SheetCell | null;
}) {
  const look = () => cellLook([props.cell], atRest, null, [props.score]);
  const value = (): Value | null => props.cell?.value ?? null;
  return (
    <div class="row-detail-variant">
      <div class="row-detail-label">
        <Show when={look().verdict}>{(verdict) => <Mark name={verdict()} />}</Show>
        <span>{props.label}</span>
        <Show when={look().mark}>
          {(mark) => (
            <span class="row-detail-state" title={look().tooltip}>
              <Mark name={mark()} /> {look().word}
            </span>
          )}
        </Show>
      </div>
      <Show
        when={props.cell?.error}
        fallback={
          <Show when={value()} fallback={<p class="ghost">{look().text || "not run yet"}</p>}>
            {(now) => <ValueView value={now()} address={null} full={props.cell?.length ?? null} cell={null} narrow />}
          </Show>
        }
      >
        {(error) => <ErrorView error={error()} cell={null} />}
      </Show>
    </div>
  );
}
