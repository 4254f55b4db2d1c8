import type { Notebook } from "#server/notebook/notebook.ts";
import type { Operation, Place } from "#server/notebook/operation.ts";
import { pageBlocks } from "./page-blocks.ts";

/** What an edit of a notebook is, in words, the block to show when it is taken back, and what it is one step with when it comes again soon. */
export function operationTitle(
  operations: readonly Operation[],
  notebook: Notebook,
): {
  readonly title: string;
  readonly cell: string | null;
  readonly joins: string | null;
} {
  const [first] = operations;
  if (first === undefined) return { title: "nothing", cell: null, joins: null };
  const title = titleOf(first);
  const more = operations.length - 1;
  return {
    title: more === 0 ? title : `${title} and ${more} more`,
    cell: cellOf(first, notebook),
    joins: more === 0 ? joinsOf(first) : null,
  };
}

function titleOf(operation: Operation): string {
  switch (operation.type) {
    case "set-source":
      return `editing ${operation.cell}`;
    case "set-configuration-text":
      return `editing the settings of ${operation.cell}`;
    case "set-configuration":
      return `setting ${operation.path.join(".")} of ${operation.cell}`;
    case "set-front-matter":
      return `setting ${operation.path.join(".")}`;
    case "set-kind":
      return `making ${operation.cell} a ${operation.kind}`;
    case "set-label":
      return `labelling ${operation.cell}`;
    case "rename":
      return `renaming ${operation.cell}`;
    case "insert":
      return "inserting a cell";
    case "remove":
      return `removing ${operation.cell}`;
    case "move":
      return `moving ${operation.cell}`;
    case "set-prose":
      return "editing text";
    case "replace":
    case "edit":
      return "an edit";
  }
}

function cellOf(operation: Operation, notebook: Notebook): string | null {
  switch (operation.type) {
    case "set-source":
    case "set-configuration":
    case "set-configuration-text":
    case "set-kind":
    case "set-label":
    case "rename":
    case "remove":
    case "move":
      return operation.cell;
    case "insert":
      return cellAt(operation.at);
    case "set-prose": {
      const block = pageBlocks(notebook).find(({ segment }) => segment === operation.segment);
      return block?.type === "prose" ? `prose:${block.key}` : null;
    }
    case "set-front-matter":
    case "replace":
    case "edit":
      return null;
  }
}

function cellAt(place: Place): string | null {
  if ("before" in place) return place.before;
  if ("after" in place) return place.after;
  return "startOf" in place ? place.startOf : place.endOf;
}

function joinsOf(operation: Operation): string | null {
  if (operation.type === "set-source") return `source ${operation.cell}`;
  if (operation.type === "set-configuration-text") return `configuration ${operation.cell}`;
  if (operation.type === "set-prose") return `prose ${operation.segment}`;
  return null;
}
