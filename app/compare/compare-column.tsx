import { Show } from "solid-js";
import Check from "lucide-solid/icons/check";
import type { NodeView } from "#server/workbench/view.ts";
import { useNotebook } from "~/notebook/notebook-context";
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

  async function keepAsCell(): Promise<void> {
    const { configuration } = settingsCell(store.view, wording());
    const text = keptCell(
      { name: props.node.name, at: props.group.at, configuration, source: wording().source },
      props.conversations.talks[address()]?.turns ?? [],
    );
    const kept = await actions.paste(text, { after: props.node.cells.at(-1)! });
    if (kept !== null) toasts.say(`Kept as ${kept.cells[0]}, below ${props.node.name}.`);
  }

  async function keepAsColumn(sheet: string): Promise<void> {
    const columns = store.view.cells[sheet]?.configuration["columns"];
    const value = [...(Array.isArray(columns) ? columns : []), props.node.name];
    const done = await actions.edit([{ type: "set-configuration", cell: sheet, path: ["columns"], value }]);
    if (done) toasts.say(`${props.node.name} is a column of ${sheet} now, with all its variants.`);
  }

  async function more(at: Element): Promise<void> {
    const entries: readonly MenuEntry[] = [
      { type: "item", value: "cell", label: "Keep as a cell", hint: "a prompt of its own, with what was said" },
      ...sheets().map(({ path, configuration }): MenuEntry => {
        const { columns } = configuration;
        const has = Array.isArray(columns) && columns.includes(props.node.name);
        return {
          type: "item",
          value: `sheet ${path}`,
          label: `Make ${props.node.name} a column of ${path}`,
          hint: "once for each of its rows, under every variant",
          disabled: has ? "It is one already." : null,
        };
      }),
    ];
    const choice = await openMenu({ title: name(), showsTitle: true, at, entries });
    if (choice === "cell") await keepAsCell();
    else if (choice !== null) await keepAsColumn(choice.slice("sheet ".length));
  }

  return (
    <div class="compare-column" role="listitem" aria-label={name()}>
      <ResultCard group={props.group} cell={wording()} node={props.node} compared chosen={chosen()} all={props.all} />
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
