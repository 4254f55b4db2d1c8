import { foldName } from "./names.ts";
import { nearestName } from "./nearest-name.ts";
import type { Cell, Diagnostic } from "./notebook.ts";
import type { Reference } from "./reference.ts";

/** Warnings of the names in a cell's `optional` that it does not read: a slip of the pen would let a skipped value skip the cell. */
export function unreadOptional(
  { configuration, name, position }: Cell,
  references: readonly Reference[],
): Diagnostic[] {
  const listed = configuration.values["optional"];
  const read = new Set(references.flatMap((one) => [one.name, [one.name, ...one.path].join(".")].map(foldName)));
  return (Array.isArray(listed) ? listed : [listed]).flatMap((optional, index) => {
    if (typeof optional !== "string" || read.has(foldName(optional))) return [];
    const near = nearestName(optional, [...read]);
    return {
      severity: "warning",
      code: "graph.unread-optional",
      cell: name,
      message: `\`optional\` lists \`${optional}\`, and \`${name}\` does not read it`,
      cure: near === null ? "Take it out, or read it." : `Did you mean \`${near}\`?`,
      position: configuration.positions[`optional.${index}`] ?? configuration.positions["optional"] ?? position,
    };
  });
}
