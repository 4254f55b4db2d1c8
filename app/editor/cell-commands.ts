import type { CellView } from "#server/workbench/view.ts";
import type { NotebookContextValue } from "~/notebook/notebook-context";

/** What keys in a cell's editor do with the cell. */
export interface CellCommands {
  run(): void;
  runAndNext(): void;
  runAndInsert(): void;
}

/** The commands of the cell that `cell` gives. */
export function cellCommands(
  { store, actions, select }: Pick<NotebookContextValue, "store" | "actions" | "select">,
  cell: () => CellView,
): CellCommands {
  const outermost = (): string => cell().container ?? cell().path;
  const run = (): Promise<boolean> => {
    const { node, name } = cell();
    return actions.run({ scope: { type: "cells", cells: [node ?? name] }, title: name, retryErrors: true });
  };
  return {
    run: () => void run(),
    runAndNext() {
      void run();
      const cells = store.view.head.head.order.flatMap((block) => (block.type === "cell" ? [block.path] : []));
      const next = cells[cells.indexOf(outermost()) + 1];
      select({ cell: next ?? outermost(), mode: "command", address: null });
      const block = document.querySelector<HTMLElement>(`[data-block="${CSS.escape(next ?? outermost())}"]`);
      block?.focus({ preventScroll: true });
      block?.scrollIntoView({ block: "nearest" });
    },
    runAndInsert() {
      void run();
      void insertBelow();
    },
  };

  /** Another cell of the same kind, empty, which is then edited. */
  async function insertBelow(): Promise<void> {
    const { kind, configuration } = cell();
    const taken = new Set(Object.values(store.view.cells).map(({ name }) => name.toLowerCase()));
    let number = 2;
    while (taken.has(`${kind}_${number}`)) number += 1;
    const name = `${kind}_${number}`;
    const { model } = configuration;
    const matter = typeof model === "string" ? `---\nmodel: ${model}\n---\n` : "";
    const text = `\`\`\`${kind} ${name}\n${matter}\`\`\``;
    if (await actions.edit([{ type: "insert", at: { after: outermost() }, text }]))
      select({ cell: name, mode: "edit", address: null });
  }
}
