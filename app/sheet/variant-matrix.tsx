import { Popover } from "@kobalte/core/popover";
import { For, Show } from "solid-js";
import { isAt } from "#server/notebook/axis.ts";
import type { ColumnSummary } from "#server/runner/sheet-column.ts";
import { labelsText, variantGroups, type CellColumn, type VariantGroup } from "./columns";
import { meanText } from "./figures-text";
import { createAnswer } from "./answer";
import { useSheet } from "./sheet-context";

/** All variants of a cell that has too many to stand side by side: the mean and interval of each, to be shown as a column with one click. */
export function VariantMatrix(props: { readonly column: CellColumn }) {
  return (
    <Popover modal preventScroll={false} gutter={4} placement="bottom-start">
      <Popover.Trigger class="sheet-pill small" onPointerDown={(event: PointerEvent) => event.stopPropagation()}>
        +{props.column.folded}
        <span class="visually-hidden"> more variants of {props.column.cell}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          class="sheet-popup sheet-matrix"
          aria-label={`Variants of ${props.column.cell}`}
          onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}
        >
          <Matrix column={props.column} />
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  );
}

function Matrix(props: { readonly column: CellColumn }) {
  const { model } = useSheet();
  const node = () => model.node(props.column);
  const axes = () => (node()?.axes ?? []).filter(({ name }) => name !== "repeat");
  /** The longest axis goes down, the others across. */
  const down = () => axes().toSorted((left, right) => right.labels.length - left.labels.length)[0];
  const groups = () => variantGroups({ axes: axes() });
  const across = () => {
    const rest = axes().filter((axis) => axis !== down());
    return variantGroups({ axes: rest });
  };
  const at = (label: string, other: VariantGroup): VariantGroup | undefined =>
    groups().find((group) => isAt(group.at, { ...other.at, [down()!.name]: label }));
  const scored = () => props.column.score ?? props.column.cell;
  const isOpen = (group: VariantGroup): boolean =>
    model
      .allColumns()
      .some((column) => column.type === "cell" && column.id === `cell ${props.column.cell}${group.text}`);
  const toggle = (group: VariantGroup): void => {
    const open = model.settings().open[props.column.cell] ?? [];
    const next = open.includes(group.text) ? open.filter((text) => text !== group.text) : [...open, group.text];
    model.arrange({ open: { ...model.settings().open, [props.column.cell]: next } });
  };
  return (
    <table>
      <caption>
        {scored() === props.column.cell ? "" : `${scored()} of `}
        {props.column.cell}
      </caption>
      <thead>
        <tr>
          <th scope="col">{down()?.name}</th>
          <For each={across()}>{(group) => <th scope="col">{labelsText(group.at) || "all"}</th>}</For>
        </tr>
      </thead>
      <tbody>
        <For each={down()?.labels ?? []}>
          {(label) => (
            <tr>
              <th scope="row">{label}</th>
              <For each={across()}>
                {(other) => (
                  <td>
                    <Show when={at(label, other)}>
                      {(group) => (
                        <button
                          type="button"
                          aria-pressed={isOpen(group())}
                          title="Show as a column"
                          onClick={() => toggle(group())}
                        >
                          <Mean cell={scored()} group={group()} />
                        </button>
                      )}
                    </Show>
                  </td>
                )}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

function Mean(props: { readonly cell: string; readonly group: VariantGroup }) {
  const { model } = useSheet();
  const figures = createAnswer(
    () => [props.cell, props.group.at, model.sheet()?.version ?? 0] as const,
    async ([cell, at]) => (await model.api.column(model.view(), { type: "cell", cell, at })) as ColumnSummary | null,
  );
  const text = (): string => {
    const found = figures.value();
    if (figures.problem() !== undefined) return "no figures";
    if (found == null) return "…";
    return found.mean !== null && found.mean.n > 0
      ? meanText(found.mean)
      : `${found.settled} of ${found.addresses} done`;
  };
  return <>{text()}</>;
}
