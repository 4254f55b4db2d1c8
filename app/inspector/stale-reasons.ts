import { nameOfPart, ownPartNames } from "#server/notebook/part-names.ts";

/** Why a result is stale, in words around the name that can be gone to; without one, `before` is all. */
export interface StaleReason {
  readonly before: string;
  readonly name: string | null;
  readonly after: string;
}

/** What is known of the names a cell reads. */
export interface ReadNames {
  readonly inputs: readonly string[];
  /** Nodes by name, and whether they are settled now. */
  readonly nodes: { readonly [name: string]: { readonly settled: boolean } };
}

/** The reasons of staleness, names of parts of a key, as what changed since the result was computed. */
export function staleReasons(reasons: readonly string[], { inputs, nodes }: ReadNames): readonly StaleReason[] {
  return reasons.map((reason) => {
    const name = nameOfPart(reason);
    const node = nodes[name];
    // Of a cell that is called like a part it is not its value that changed, unless that is said.
    if (name === reason && ownPartNames.has(name) && node?.settled !== false) return ownReason(reason);
    if (inputs.includes(name)) return { before: "the input", name, after: "changed" };
    if (node !== undefined)
      return { before: "", name, after: node.settled ? "gives another value now" : "is not up to date itself" };
    return ownReason(reason);
  });
}

function ownReason(part: string): StaleReason {
  const meta = /^meta\((.+)\)$/.exec(part);
  if (meta !== null) return { before: "cost, tokens or time of", name: meta[1]!, after: "are others" };
  const words = partWords(part);
  return words === null ? { before: "", name: part, after: "changed" } : { before: words, name: null, after: "" };
}

function partWords(part: string): string | null {
  if (part.startsWith("vary.")) return `the value of its label on ${part.slice(5)} changed`;
  if (part.startsWith("rows(")) return "its list of rows changed, or is not up to date itself";
  switch (part) {
    case "source":
      return "its text was edited";
    case "settings":
      return "its settings were changed";
    case "model":
      return "its model, or what the model's short name stands for, was changed";
    case "kind":
      return "this release computes cells of its kind otherwise";
    case "reduce":
      return "its repeats are made one value otherwise";
    case "repeat":
      return "its repeats changed";
    default:
      return null;
  }
}
