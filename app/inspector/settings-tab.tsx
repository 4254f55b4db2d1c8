import { createMemo, createResource, createSignal, For, Show } from "solid-js";
import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Field } from "#server/notebook/cell-kind.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { CellView } from "#server/workbench/view.ts";
import { api } from "~/api";
import { useNotebook } from "~/notebook/notebook-context";
import { commonFields } from "./common-fields";
import { parseYaml, yamlText } from "./field-text";
import { fieldOf, useKinds } from "./kinds";
import { modelsOfSettings, notTaken } from "./not-taken";
import { configurationOperations } from "./restore-operations";
import { SettingField } from "./setting-field";

/** A cell's configuration as a form, or as the YAML it is. */
export function SettingsTab(props: { readonly path: string }) {
  const { store, actions } = useNotebook();
  const kinds = useKinds();
  const [asText, setAsText] = createSignal(false);
  // The wordings of a name share the configuration of the first.
  const cell = createMemo((): CellView | undefined => {
    const own = store.view.cells[props.path];
    const [first] = own?.label == null || own.node === null ? [] : (store.view.nodes[own.node]?.cells ?? []);
    return first === undefined ? own : store.view.cells[first];
  });
  const kind = () => kinds.latest?.get(cell()?.kind ?? "");
  const settings = () => cell()?.configuration ?? {};
  const own = (): readonly Field[] => kind()?.fields ?? [];
  const common = () => commonFields.filter(({ key }) => !own().some((field) => field.key === key));
  const others = () =>
    Object.keys(settings()).filter((key) => ![...own(), ...commonFields].some((field) => field.key === key));
  const set = (key: string, value: Datum | undefined): void =>
    void actions.edit([{ type: "set-configuration", cell: cell()!.path, path: [key], value }]);
  const isSet = ({ key }: Field): boolean => settings()[key] !== undefined;
  const models = createMemo(() =>
    cell()?.kind === "prompt" ? modelsOfSettings(settings(), store.view.head.head.models) : [],
  );
  const names = createMemo(() => models().filter((name) => name !== null), [], {
    equals: (one, other) => one.join() === other.join(),
  });
  // Waited for, it would take the form away; until it is known everything is offered.
  const [known] = createResource(names, (asked) => api.models.known.query({ names: asked }), { initialValue: {} });
  const field = (each: Field) => (
    <SettingField
      field={each}
      value={settings()[each.key]}
      notTaken={notTaken(each.key, models(), known.latest)}
      set={(value) => set(each.key, value)}
    />
  );
  return (
    // A field is another control, and under another heading, once its kind is known.
    <Show when={kinds.latest === undefined ? undefined : cell()}>
      {(now) => (
        <div class="inspector-body">
          <div class="inspector-line">
            <h3>{kind()?.title ?? now().kind}</h3>
            <button type="button" class="link" aria-pressed={asText()} onClick={() => setAsText((before) => !before)}>
              {asText() ? "as a form" : "as YAML"}
            </button>
          </div>
          <Show when={now().path !== props.path}>
            <p class="dim">All wordings share what is set here.</p>
          </Show>
          <Show when={!asText()} fallback={<YamlForm cell={now()} done={() => setAsText(false)} />}>
            <For each={own()}>{field}</For>
            <Show when={others().length > 0}>
              <h3>not known to this kind, and kept</h3>
              <For each={others()}>{(key) => field(fieldOf(undefined, key))}</For>
            </Show>
            <Show when={common().some(isSet)}>
              <h3>on every cell</h3>
              <For each={common().filter(isSet)}>{field}</For>
            </Show>
            <details class="more-settings">
              <summary>{common().some(isSet) ? "more" : "what every cell can have"}</summary>
              <For each={common().filter((each) => !isSet(each))}>{field}</For>
            </details>
          </Show>
        </div>
      )}
    </Show>
  );
}

function YamlForm(props: { readonly cell: CellView; done(): void }) {
  const { actions } = useNotebook();
  const written = () => (Object.keys(props.cell.configuration).length === 0 ? "" : yamlText(props.cell.configuration));
  const [text, setText] = createSignal(written());
  const [problem, setProblem] = createSignal<string | null>(null);
  const keep = async (): Promise<void> => {
    try {
      const value = text().trim() === "" ? {} : parseYaml(text());
      if (!isMapping(value)) throw new Error("write `key: value`, one a line");
      const after = value as { readonly [key: string]: Datum };
      const operations = configurationOperations(props.cell.path, props.cell.configuration, after);
      setProblem(null);
      if (operations.length === 0 || (await actions.edit(operations))) props.done();
    } catch (thrown) {
      setProblem((thrown as Error).message);
    }
  };
  return (
    <form
      class="yaml-form"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <textarea
        class="field mono"
        aria-label="Configuration as YAML"
        aria-invalid={problem() !== null}
        rows={Math.min(24, Math.max(6, text().split("\n").length + 1))}
        value={text()}
        spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void keep();
        }}
      />
      <Show when={problem()}>{(words) => <p class="setting-about bad">{words()}</p>}</Show>
      <div class="popup-actions">
        <button type="button" class="button" onClick={props.done}>
          Cancel
        </button>
        <button type="submit" class="button primary" disabled={text() === written()}>
          Keep
        </button>
      </div>
    </form>
  );
}
