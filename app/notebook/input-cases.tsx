import { createMemo, Index } from "solid-js";
import { openMenu, type MenuEntry } from "~/ui/menu";
import { askText, ask } from "~/ui/dialogs";
import type { CaseValues } from "#server/notebook/notes.ts";
import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";
import { inputText } from "./input-text";

/** The sets of inputs that are kept under names, and those of the last runs and requests. */
export function InputCases() {
  const { store, actions } = useNotebook();
  const { act } = useHands();
  const head = () => store.view.head.head;
  const now = createMemo(() => JSON.stringify(head().inputs.map(({ name, value }) => [name, value])));
  const isNow = (values: CaseValues): boolean =>
    now() === JSON.stringify(head().inputs.map(({ name, value }) => [name, values[name] ?? value]));

  async function change(name: string, at: Element): Promise<void> {
    const entries: readonly MenuEntry[] = [
      { type: "item", value: "use", label: "Use these inputs" },
      { type: "item", value: "keep", label: "Keep the inputs as they are now in it" },
      { type: "item", value: "rename", label: "Rename …" },
      { type: "separator" },
      { type: "item", value: "remove", label: "Delete", isDangerous: true },
    ];
    const chosen = await openMenu({ title: `Case ${name}`, at, entries });
    if (chosen === "use") await use(name);
    else if (chosen === "keep") await actions.keepCase(name);
    else if (chosen === "rename") {
      const to = await askText({
        title: `Rename ${name}`,
        label: "Name of the case",
        value: name,
        yes: "Rename",
        problem: (text) => (text.trim() === "" ? "Enter a name" : null),
      });
      if (to !== null) await actions.renameCase(name, to.trim());
    } else if (chosen === "remove") {
      const yes = await ask({
        title: `Delete the case ${name}?`,
        text: "Its inputs stay in the history of the notes.",
        yes: "Delete",
        isDangerous: true,
      });
      if (yes) await actions.removeCase(name);
    }
  }
  async function use(name: string): Promise<void> {
    const found = head().cases.find((each) => each.name === name);
    if (found !== undefined) await actions.setInputs(found.values);
  }
  async function lastRuns(at: Element): Promise<void> {
    const last = await actions.lastInputs();
    if (last === null) return;
    const { runs, requests } = last;
    const sets = [...runs, ...requests];
    const entryOf = ({ at: when, values }: (typeof sets)[number], index: number): MenuEntry => ({
      type: "item",
      value: String(index),
      label: words(values as CaseValues),
      hint: new Date(when).toLocaleString(),
    });
    const none: MenuEntry = { type: "item", value: "", label: "No run yet", disabled: "Runs leave their inputs here" };
    const entries = sets.map(entryOf);
    const chosen = await openMenu({
      title: "Inputs of the last runs and requests",
      at,
      entries: [
        { type: "heading", label: "Of the last runs" },
        ...(runs.length === 0 ? [none] : entries.slice(0, runs.length)),
        ...(requests.length === 0
          ? []
          : [{ type: "heading", label: "Of the last requests" } as const, ...entries.slice(runs.length)]),
      ],
    });
    if (chosen !== null && chosen !== "") await actions.setInputs(sets[Number(chosen)]!.values as CaseValues);
  }
  const words = (values: CaseValues): string =>
    head()
      .inputs.flatMap(({ name, type }) => {
        const value = values[name];
        if (value === undefined) return [];
        const text = inputText({ type, value }).replaceAll(/\s+/g, " ");
        return [head().inputs.length === 1 ? text : `${name}: ${text}`];
      })
      .join(" · ")
      .slice(0, 90);

  return (
    <div class="input-cases" role="group" aria-label="Cases">
      {/* By their places: they are told anew with every change of the notebook, and one may be pressed. */}
      <Index each={head().cases}>
        {(one) => (
          <span class="case" classList={{ on: isNow(one().values) }}>
            <button
              type="button"
              class="chip"
              classList={{ on: isNow(one().values) }}
              aria-pressed={isNow(one().values)}
              title={words(one().values)}
              onClick={() => void use(one().name)}
              onContextMenu={(event) => {
                event.preventDefault();
                void change(one().name, event.currentTarget);
              }}
            >
              {one().name}
            </button>
            <button
              type="button"
              class="case-menu"
              aria-label={`Change the case ${one().name}`}
              aria-haspopup="menu"
              onClick={(event) => void change(one().name, event.currentTarget)}
            >
              ⋯
            </button>
          </span>
        )}
      </Index>
      <button type="button" class="link-button" onClick={() => act("notebook.keep-case")}>
        + keep as a case
      </button>
      <button
        type="button"
        class="link-button"
        aria-haspopup="menu"
        onClick={(event) => void lastRuns(event.currentTarget)}
      >
        last runs …
      </button>
    </div>
  );
}
