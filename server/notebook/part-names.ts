/** Names of parts of a key that a cell has by itself. */
export const ownPartNames: ReadonlySet<string> = new Set(["kind", "source", "settings", "model", "reduce", "repeat"]);

/** The part of what is read under a name: its name, or `value(source)` where a cell has a part of that name by itself, so that neither hides the other. */
export function partOfName(name: string): string {
  return ownPartNames.has(name) ? `value(${name})` : name;
}

/** The name of what is read that a part stands for; another part as it is. */
export function nameOfPart(part: string): string {
  return /^value\((.+)\)$/.exec(part)?.[1] ?? part;
}
