import { createResource, createSignal, createUniqueId, For, Match, Show, Switch } from "solid-js";
import type { Field } from "#server/notebook/cell-kind.ts";
import type { Datum } from "#server/notebook/value.ts";
import { api } from "~/api";
import { offeredModels, shortNames } from "~/models/offered-models";
import { useNotebook } from "~/notebook/notebook-context";
import { outsideText } from "~/ui/outside-text";
import { fieldText, fieldValue } from "./field-text";
import type { NotTaken } from "./not-taken";
import "./setting-field.css";

export interface SettingFieldProps {
  readonly field: Field;
  readonly value: Datum | undefined;
  /** What its models are known not to take of it. */
  readonly notTaken?: NotTaken | null;
  set(value: Datum | undefined): void;
}

/** One setting of a cell by its control. An expression that begins with `=` may stand in any of them. */
export function SettingField(props: SettingFieldProps) {
  const id = createUniqueId();
  const [problem, setProblem] = createSignal<string | null>(null);
  const text = () => fieldText(props.field.control, props.value);
  const keep = (typed: string): void => {
    if (typed === text()) return setProblem(null) as never;
    try {
      props.set(fieldValue(props.field.control, typed));
      setProblem(null);
    } catch (thrown) {
      setProblem((thrown as Error).message);
    }
  };
  const isExpression = () => typeof props.value === "string" && props.value.startsWith("=");
  // What is set can be taken away whatever the models take.
  const disabled = () => props.notTaken?.isOffered === false && props.value === undefined;
  const words = () => problem() ?? [props.notTaken?.reason, plainHelp(props.field)].filter(Boolean).join(" ");
  const about = () =>
    problem() !== null || props.notTaken || props.field.help !== undefined ? `${id}-about` : undefined;
  return (
    <div class="setting">
      <label for={id}>{props.field.label}</label>
      <Switch
        fallback={
          <input
            id={id}
            class="field"
            classList={{ mono: props.field.control === "expression" }}
            aria-describedby={about()}
            aria-invalid={problem() !== null}
            inputMode={props.field.control === "number" ? "decimal" : "text"}
            disabled={disabled()}
            ref={outsideText(text)}
            onChange={(event) => keep(event.currentTarget.value)}
          />
        }
      >
        <Match when={props.field.control === "toggle" && !isExpression()}>
          <input
            id={id}
            type="checkbox"
            aria-describedby={about()}
            checked={props.value === true}
            disabled={disabled()}
            onChange={(event) => props.set(event.currentTarget.checked ? true : undefined)}
          />
        </Match>
        <Match when={props.field.control === "choice" && !isExpression()}>
          <select
            id={id}
            class="field"
            aria-describedby={about()}
            value={text()}
            onChange={(event) => keep(event.currentTarget.value)}
          >
            <option value="">not set</option>
            <For each={choices(props.field, props.value)}>{(option) => <option value={option}>{option}</option>}</For>
          </select>
        </Match>
        <Match when={props.field.control === "cell" && !isExpression() && !Array.isArray(props.value)}>
          <CellChoice id={id} describedBy={about()} value={text()} keep={keep} />
        </Match>
        <Match when={props.field.control === "model"}>
          <ModelInput id={id} describedBy={about()} value={text()} keep={keep} />
        </Match>
        <Match when={props.field.control === "file"}>
          <FileInput id={id} describedBy={about()} value={text()} keep={keep} />
        </Match>
        <Match
          when={["list", "cells", "mapping", "schema"].includes(props.field.control) || Array.isArray(props.value)}
        >
          <textarea
            id={id}
            class="field mono"
            aria-describedby={about()}
            aria-invalid={problem() !== null}
            rows={Math.min(10, text().split("\n").length)}
            ref={outsideText(text)}
            onChange={(event) => keep(event.currentTarget.value)}
          />
        </Match>
      </Switch>
      <Show when={about()}>
        <p id={about()} class="setting-about" classList={{ bad: problem() !== null }}>
          {words()}
        </p>
      </Show>
    </div>
  );
}

function choices(field: Field, value: Datum | undefined): readonly string[] {
  const options = field.options ?? [];
  return typeof value === "string" && !options.includes(value) ? [...options, value] : options;
}

/** Help with what a control takes, where it is a text of several lines. */
function plainHelp({ help = "", control }: Field): string {
  const words = help.replaceAll("`", "");
  return control === "list" || control === "cells" ? `${words}${words === "" ? "" : " "}One a line.` : words;
}

interface InputProps {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly value: string;
  keep(text: string): void;
}

function CellChoice(props: InputProps) {
  const { store } = useNotebook();
  const names = () =>
    Object.values(store.view.nodes).flatMap(({ id, sheet }) => (sheet === null && !id.endsWith("#each") ? [id] : []));
  return (
    <select
      id={props.id}
      class="field"
      aria-describedby={props.describedBy}
      value={props.value}
      onChange={(event) => props.keep(event.currentTarget.value)}
    >
      <option value="">not set</option>
      <Show when={props.value !== "" && !names().includes(props.value)}>
        <option value={props.value}>{props.value}</option>
      </Show>
      <For each={names()}>{(name) => <option value={name}>{name}</option>}</For>
    </select>
  );
}

function ModelInput(props: InputProps) {
  const { store } = useNotebook();
  // Waited for, it would take the form away from whoever types in it.
  const [models] = createResource(offeredModels, { initialValue: [] });
  const offered = () => [...shortNames(store.view.head.head.models), ...models.latest];
  return (
    <>
      <input
        id={props.id}
        class="field mono"
        list={`${props.id}-models`}
        aria-describedby={props.describedBy}
        ref={outsideText(() => props.value)}
        placeholder="provider/model"
        onChange={(event) => props.keep(event.currentTarget.value)}
      />
      <datalist id={`${props.id}-models`}>
        <For each={offered()}>{({ name, words }) => <option value={name}>{words}</option>}</For>
      </datalist>
    </>
  );
}

function FileInput(props: InputProps) {
  const [files] = createResource(() => api.datasets.list.query());
  return (
    <>
      <input
        id={props.id}
        class="field mono"
        list={`${props.id}-files`}
        aria-describedby={props.describedBy}
        ref={outsideText(() => props.value)}
        placeholder="below datasets/"
        onChange={(event) => props.keep(event.currentTarget.value)}
      />
      <datalist id={`${props.id}-files`}>
        <For each={files.latest ?? []}>{({ path }) => <option value={path} />}</For>
      </datalist>
    </>
  );
}
