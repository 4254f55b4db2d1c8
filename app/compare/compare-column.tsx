import { Show } from "solid-js";
import Check from "lucide-solid/icons/check";
import type { Datum } from "#server/notebook/value.ts";
import type { NodeView } from "#server/workbench/view.ts";
import { useNotebook } from "~/notebook/notebook-context";
import { cellSetting } from "~/notebook/cell-setting";
import { settingsCell } from "~/notebook/settings-cell";
import { chooseOperations } from "~/results/choose-operations";
import type { VariantGroup } from "~/results/repeats";
import { ResultCard } from "~/results/result-card";
import { isChosen } from "~/results/variant-label";
import { openMenu, type MenuEntry } from "~/ui/menu";
import { MenuButton } from "~/ui/menu-button";
import { toasts } from "~/ui/toasts";
import { ConversationThread } from "./conversation-thread";
import type { Conversations } from "./conversations";
import { keptCell } from "./kept-cell";
import { variantName } from "./variant-words";
import type { WholeAnswers } from "./whole-answers";

/** One variant: its answer, the conversation after it, and what becomes of it. */
export function CompareColumn(props: {
  readonly node: NodeView;
  readonly group: VariantGroup;
  readonly all: readonly string[];
  readonly isPicked: boolean;
  pick(address: string): void;
  readonly conversations: Conversations;
  readonly answers: WholeAnswers;
}) {
  const { store, actions } = useNotebook();
  const address = () => props.group.addresses[0]!;
  const wording = () => {
    const label = props.group.at["prompt"];
    const cells = props.node.cells.flatMap((path) => store.view.cells[path] ?? []);
    return cells.find((cell) => cell.label === label) ?? cells[0]!;
  };
  const name = () => variantName(props.node, props.group.at);
  const chosen = () => isChosen(props.group.at, props.node.chosen);
  const sheets = () => Object.values(store.view.cells).filter(({ kind }) => kind === "sheet");

  /** Gives the name it is kept under; null where it is not. */
  async function keep(): Promise<string | null> {
    const settings = settingsCell(store.view, wording());
    const configuration = { ...settings.configuration, ...settings.early };
    const text = keptCell(
      { name: props.node.name, at: props.group.at, configuration, source: wording().source },
      props.conversations.talks[address()]?.turns ?? [],
    );
    const kept = await actions.paste(text, { after: props.node.cells.at(-1)! });
    return kept?.cells[0] ?? null;
  }

  const columnsOf = (sheet: string): readonly Datum[] => {
    const cell = store.view.cells[sheet];
    const columns = cell === undefined ? undefined : cellSetting(cell, "columns");
    return Array.isArray(columns) ? (columns as readonly Datum[]) : [];
  };
  async function addColumn(sheet: string, cell: string): Promise<boolean> {
    const written = store.view.cells[sheet]?.configuration["columns"] ?? [];
    if (typeof written !== "string")
      return actions.edit([
        { type: "set-configuration", cell: sheet, path: ["columns"], value: [...(written as Datum[]), cell] },
      ]);
    toasts.say(`\`columns\` of ${sheet} is an expression. Add ${cell} to what it reads.`);
    return false;
  }

  async function more(at: Element): Promise<void> {
    const { name: prompt, sheet: own } = props.node;
    const isAlone = Object.keys(props.group.at).length === 0;
    const keepIn = (sheet: string): MenuEntry => ({
      type: "item",
      value: `keep ${sheet}`,
      label: `Keep as a column of ${sheet}`,
      hint: "a prompt of its own, with what was said, once for each row",
    });
    const anywhere = (): readonly MenuEntry[] => [
      { type: "item", value: "cell", label: "Keep as a cell", hint: "a prompt of its own, with what was said" },
      ...sheets().map(({ path }) => keepIn(path)),
      ...(isAlone || sheets().length === 0 ? [] : [{ type: "heading", label: "with all its variants" } as const]),
      ...sheets().map(({ path }): MenuEntry => ({
        type: "item",
        value: `all ${path}`,
        label: `Make ${prompt} a column of ${path}`,
        hint: isAlone ? "itself, once for each row" : "once for each row, under every variant",
        disabled: columnsOf(path).includes(prompt) ? "It is one already." : null,
      })),
    ];
    const entries = own === null ? anywhere() : [keepIn(own)];
    const choice = await openMenu({ title: name(), showsTitle: true, at, entries });
    if (choice === null) return;
    const sheet = choice.slice(choice.indexOf(" ") + 1);
    if (choice.startsWith("all ")) {
      if (await addColumn(sheet, prompt))
        toasts.say(`${prompt} is a column of ${sheet} now${isAlone ? "" : ", with all its variants"}.`);
      return;
    }
    const kept = await keep();
    if (kept === null) return;
    if (choice === "cell") toasts.say(`Kept as ${kept}, below ${prompt}.`);
    // What stands in the sheet is a column of it as it is.
    else if (wording().container === sheet || (await addColumn(sheet, kept)))
      toasts.say(`Kept as ${kept}, a column of ${sheet}.`);
  }

  return (
    <div class="compare-column" role="listitem" aria-label={name()}>
      <ResultCard
        group={props.group}
        cell={wording()}
        node={props.node}
        compared
        unfolded
        chosen={chosen()}
        all={props.all}
      />
      <ConversationThread
        address={address()}
        answer={props.answers.text(address())}
        conversations={props.conversations}
      />
      <div class="compare-foot">
        <label class="compare-pick">
          <input type="checkbox" checked={props.isPicked} onChange={() => props.pick(address())} /> difference
        </label>
        <span class="spring" />
        <Show when={Object.keys(props.group.at).length > 0}>
          <button
            type="button"
            class="button small"
            aria-pressed={chosen()}
            disabled={chosen()}
            data-tip={chosen() ? "It is what outputs and endpoints use" : "Outputs and endpoints use it from now on"}
            onClick={() => void actions.edit(chooseOperations(props.group.at))}
          >
            <Check /> {chosen() ? "Chosen" : "Choose"}
          </button>
        </Show>
        <MenuButton label={`What becomes of ${name()}`} open={(at) => void more(at)} />
      </div>
    </div>
  );
}
