import { For, Show, type JSX } from "solid-js";
import X from "lucide-solid/icons/x";
import type { ActionContext } from "~/actions/action-context";
import { actionNamed } from "~/actions/all-actions";
import { perform } from "~/actions/perform";
import type { NodeView } from "#server/workbench/view.ts";
import { useNotebook } from "~/notebook/notebook-context";
import { settingsCell } from "~/notebook/settings-cell";
import { hasExpression } from "#server/notebook/expressions-of.ts";
import { isMapping } from "#server/notebook/is-mapping.ts";
import { removeLabel } from "./compare-edits";

/** What is compared, axis by axis: each label can be taken away, and another added. It is the cell's own settings that change. */
export function CompareAxes(props: { readonly node: NodeView; readonly shown: string; context(): ActionContext }) {
  const { store, actions, select } = useNotebook();
  const cell = () => store.view.cells[props.shown];
  const settings = () => settingsCell(store.view, cell()!);
  const own = (axis: string) => {
    const { configuration } = settings();
    const { models, vary } = configuration;
    const list = axis === "model" ? models : isMapping(vary) ? vary[axis] : undefined;
    // What an expression comes to is not in the cell to be taken out.
    return Array.isArray(list) && !hasExpression(list);
  };
  const labels = (axis: string): readonly string[] => props.node.axes.find(({ name }) => name === axis)?.labels ?? [];
  const act = (id: string): void => {
    select({ cell: props.shown });
    void perform(actionNamed(id), props.context());
  };
  const remove = (axis: string, label: string): void => void actions.edit(removeLabel(settings(), axis, label));
  const others = () =>
    props.node.axes.map(({ name }) => name).filter((name) => !["model", "prompt", "repeat"].includes(name));
  const model = () => {
    const value = settings().configuration["model"];
    return typeof value === "string" ? [value] : [];
  };
  return (
    <Show when={cell()}>
      <div class="compare-axes">
        <Axis name="models">
          <For each={labels("model").length > 0 ? labels("model") : model()}>
            {(label) => <Label text={label} remove={own("model") ? () => remove("model", label) : null} />}
          </For>
          <Add id="compare.model" act={act}>
            model
          </Add>
        </Axis>
        <Axis name="wordings">
          <For each={props.node.cells.length > 1 ? props.node.cells : []}>
            {(path) => (
              <button
                type="button"
                class="compare-label"
                aria-pressed={path === props.shown}
                onClick={() => select({ cell: path, mode: "command" })}
              >
                {store.view.cells[path]?.label}
              </button>
            )}
          </For>
          <Add id="compare.wording" act={act}>
            wording
          </Add>
        </Axis>
        <For each={others()}>
          {(axis) => (
            <Axis name={axis.replaceAll("_", " ")}>
              <For each={labels(axis)}>
                {(label) => <Label text={label} remove={own(axis) ? () => remove(axis, label) : null} />}
              </For>
            </Axis>
          )}
        </For>
        <Add id="compare.sweep" act={act}>
          parameter
        </Add>
        <Axis name="answers of each">
          <button type="button" class="compare-label" onClick={() => act("compare.samples")}>
            {Math.max(1, labels("repeat").length)}
          </button>
        </Axis>
      </div>
    </Show>
  );
}

function Axis(props: { readonly name: string; readonly children: JSX.Element }) {
  return (
    <div class="compare-axis" role="group" aria-label={props.name}>
      <span class="compare-axis-name">{props.name}</span>
      {props.children}
    </div>
  );
}

function Label(props: { readonly text: string; readonly remove: (() => void) | null }) {
  return (
    <span class="compare-label">
      {props.text}
      <Show when={props.remove}>
        {(remove) => (
          <button
            type="button"
            class="icon-button"
            aria-label={`Compare without ${props.text}`}
            onClick={() => remove()()}
          >
            <X />
          </button>
        )}
      </Show>
    </span>
  );
}

function Add(props: { readonly id: string; act(id: string): void; readonly children: JSX.Element }) {
  return (
    <button type="button" class="compare-add" onClick={() => props.act(props.id)}>
      + {props.children}
    </button>
  );
}
