import { SheafError } from "./sheaf-error.ts";

/** Where a result is: a cell by its path (`topic`, `triage.correct`, `triage.topic`) and its coordinates. */
export interface Address {
  readonly cell: string;
  /** Dimension → label: a sheet's row under the sheet's name, axes, `repeat`. */
  readonly at: Coordinates;
}

export type Coordinates = { readonly [dimension: string]: string };

/** The one text of an address, for maps and files: `topic{model=small,shots=5}`; dimensions in alphabetical order. */
export function addressText(address: Address): string {
  return `${address.cell}${coordinatesText(address.at)}`;
}

/** The one text of coordinates: `{model=small,shots=5}`, empty for none. A label with `,`, `=`, `{`, `}`, `%` or a control character has them as %XX. */
export function coordinatesText(at: Coordinates): string {
  const dimensions = Object.keys(at);
  if (dimensions.length === 0) return "";
  return `{${dimensions
    .sort()
    .map((dimension) => `${dimension}=${escapeLabel(at[dimension]!)}`)
    .join(",")}}`;
}

// eslint-disable-next-line no-control-regex
const special = /[,={}%\u0000-\u001f]/g;

function escapeLabel(label: string): string {
  return label.replace(
    special,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
  );
}

/** The address that `addressText` wrote. Throws `address.syntax` for what it never writes. */
export function parseAddress(text: string): Address {
  const brace = text.indexOf("{");
  if (brace < 0) return { cell: text, at: {} };
  const pairs = text.slice(brace + 1, -1).split(",");
  const at = pairs.map((pair) => pair.split("=").map((part) => decoded(part, text)));
  if (!text.endsWith("}") || at.some((pair) => pair.length !== 2)) throw noAddress(text);
  return { cell: text.slice(0, brace), at: Object.fromEntries(at as [string, string][]) };
}

function decoded(part: string, text: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw noAddress(text);
  }
}

function noAddress(text: string): SheafError {
  return new SheafError("address.syntax", `\`${text}\` is no address`, {
    cure: "Write a cell and what its result is at: `triage.topic{model=small,triage=7}`; a `%` in a label is `%25`.",
  });
}
