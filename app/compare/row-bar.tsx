import { For } from "solid-js";
import ArrowLeft from "lucide-solid/icons/arrow-left";
import ArrowRight from "lucide-solid/icons/arrow-right";
import { toValue } from "#server/notebook/value.ts";
import { valueSummary } from "~/values/value-summary";
import type { ShownRow } from "./sheet-row";

/** The row of a sheet in which a prompt is compared: which of how many, what it has, and the way to the others. */
export function RowBar(props: { readonly sheet: string; readonly row: ShownRow; goTo(number: number): void }) {
  return (
    <div class="compare-row" role="group" aria-label={`Row of ${props.sheet}`}>
      <span class="compare-row-place">
        <button
          type="button"
          class="icon-button"
          aria-label="The row before"
          data-tip="The row before"
          disabled={props.row.number <= 1}
          onClick={() => props.goTo(props.row.number - 1)}
        >
          <ArrowLeft />
        </button>
        <label>
          row{" "}
          <input
            class="field"
            type="number"
            min={1}
            max={props.row.count}
            value={props.row.number}
            data-own-keys
            onChange={({ currentTarget: field }) => {
              const number = Math.round(field.valueAsNumber);
              if (Number.isFinite(number)) props.goTo(Math.min(Math.max(number, 1), props.row.count));
              field.value = String(props.row.number);
            }}
          />
        </label>{" "}
        of {props.row.count.toLocaleString("en")}
        <button
          type="button"
          class="icon-button"
          aria-label="The next row"
          data-tip="The next row"
          disabled={props.row.number >= props.row.count}
          onClick={() => props.goTo(props.row.number + 1)}
        >
          <ArrowRight />
        </button>
      </span>
      <dl class="compare-row-values">
        <For each={props.row.names}>
          {(name, index) => {
            const words = () => valueSummary(toValue(props.row.columns[index()] ?? null));
            return (
              <div classList={{ long: words().length > 24 }}>
                <dt>{name}</dt>
                <dd>{words()}</dd>
              </div>
            );
          }}
        </For>
      </dl>
    </div>
  );
}
