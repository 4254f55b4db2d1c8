import { labelValues, modelAxis, project, promptAxis, repeatAxis, type Axis } from "./axis.ts";
import type { Coordinates } from "./address.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Node, Read } from "./graph-node.ts";
import { hashOf, sha256 } from "./hash.ts";
import { embeddingField, fullName, modelField } from "./model-field.ts";
import type { Cell, FrontMatter } from "./notebook.ts";
import { readsAt } from "./wording-reads.ts";

/**
 * What a result depends on, by name: `kind`, `source`, `settings`, `model`, `vary.shots`, and each thing it reads (`partOfName`). A part is
 * a hash or a short text. The cell key is the hash of them all; the names are what a reason for staleness says.
 */
export type KeyParts = { readonly [part: string]: string };

/** Parts as a result keeps them: their canonical JSON, of which its key is the hash. */
export type KeyText = string;

/** The cell key of these parts: SHA-256 in hex of their canonical JSON. */
export function cellKey(parts: KeyParts): string {
  return hashOf(parts);
}

/** The cell key of these parts with the text it is the hash of. */
export function keyWithText(parts: KeyParts): { readonly key: string; readonly text: KeyText } {
  const text = canonicalJson(parts);
  return { key: sha256(text), text };
}

/** The parts of a text. */
export function partsOf(text: KeyText): KeyParts {
  return JSON.parse(text) as KeyParts;
}

/** Configuration that is how a cell looks or when it runs, or is said by coordinates: in no key. */
const notSemantic = new Set([
  "title",
  "hidden",
  "run",
  "after",
  "cache",
  "keep",
  "reads",
  "vary",
  "models",
  "repeat",
  "reduce",
  "with",
  "rows",
  "columns",
]);

/** A sheet's `key` names its rows and changes no value; a data cell's is what its rows are held to. So with `rows`, but for the part that computes them. */
function isSemantic(setting: string, { kind }: Cell): boolean {
  if (setting === "rows" && kind === "rows") return true;
  return setting === "key" ? kind === "data" : !notSemantic.has(setting);
}

/**
 * The parts that are the same at every row: kind, source, settings, model, labels that are read. What is read from elsewhere
 * is added by whoever knows its value.
 */
export function ownParts(node: Node, at: Coordinates, front: FrontMatter): KeyParts {
  // A node is of one graph, and so of one front matter.
  const known = node.axes.length === 0 ? withoutAxes.get(node) : undefined;
  if (known !== undefined) return known;
  const parts = findOwnParts(node, at, front);
  if (node.axes.length === 0) withoutAxes.set(node, parts);
  return parts;
}

const withoutAxes = new WeakMap<Node, KeyParts>();

function findOwnParts(node: Node, at: Coordinates, front: FrontMatter): KeyParts {
  const cell = wordingAt(node, at);
  const [settings] = node.wordings as readonly [Cell];
  if (node.reduces)
    return { kind: `reduce@${node.kind!.version}`, reduce: canonicalJson(settings.configuration.values["reduce"]!) };
  const parts: { [part: string]: string } = {
    kind: `${cell.kind}@${node.kind?.version ?? 0}`,
    source: textHash(cell),
    settings: settingsHash(settings),
  };
  const own = modelParts(node, at, front);
  const embedding = embeddingNamed(node, front);
  const models = embedding === null ? own : canonicalJson([own, embedding]);
  if (models !== null) parts["model"] = models;
  for (const read of readsAt(node, at)) {
    if (read.type === "vary") parts[`vary.${read.axis}`] = canonicalJson(labelValues(at, node.axes)[read.axis] ?? null);
  }
  const repeat = at[repeatAxis];
  if (repeat !== undefined && repeat !== "1" && node.ownAxes.some((axis) => axis.name === repeatAxis))
    parts[repeatAxis] = repeat;
  return parts;
}

/** The wording of a cell at a label of its axis `prompt`; the cell itself where it has none. */
export function wordingAt(node: Pick<Node, "wordings">, at: Coordinates): Cell {
  return node.wordings.find(({ label }) => label === at[promptAxis]) ?? node.wordings[0]!;
}

/** The coordinates at which a node's result is read from a node with these axes: the same labels, and those `.at` fixes. */
export function coordinatesRead(read: Read, axes: readonly Axis[], at: Coordinates): Coordinates {
  return project({ ...at, ...read.reference.at }, axes);
}

const sources = new WeakMap<Cell, string>();

function textHash(cell: Cell): string {
  let hash = sources.get(cell);
  if (hash === undefined) sources.set(cell, (hash = sha256(cell.source)));
  return hash;
}

const settings = new WeakMap<Cell, string>();

function settingsHash(cell: Cell): string {
  let hash = settings.get(cell);
  if (hash === undefined) {
    const semantic = Object.fromEntries(
      Object.entries(cell.configuration.values).filter(([key]) => isSemantic(key, cell)),
    );
    hash = Object.keys(semantic).length === 0 ? "none" : hashOf(semantic);
    settings.set(cell, hash);
  }
  return hash;
}

/** What the model of a cell is by its label, its `model:` field and the front matter's short names; null for kinds without one. */
function modelParts(node: Node, at: Coordinates, front: FrontMatter): string | null {
  const field = modelField(node.kind);
  if (field === null) return null;
  const own = field === "model" ? node.ownAxes.find((axis) => axis.name === modelAxis) : undefined;
  const named =
    own === undefined ? node.wordings[0]!.configuration.values[field] : own.values[own.labels.indexOf(at[modelAxis]!)];
  if (field !== "model" && named === undefined) return null;
  if (typeof named === "string" && !named.startsWith("=")) return canonicalJson(front.models[named] ?? named);
  // An expression may come to any short name: all of them are part of what the result depends on.
  return canonicalJson([named ?? null, front.models]);
}

/** What a short name of the model that embeds stands for, or all short names where an expression may come to any; null where there is none. */
function embeddingNamed({ kind, wordings }: Node, front: FrontMatter): string | null {
  const field = embeddingField(kind);
  const named = field === null ? undefined : wordings[0]!.configuration.values[field];
  if (typeof named !== "string") return null;
  const fullNames = (names: readonly string[]): string | null =>
    names.length === 0 ? null : canonicalJson(names.map((name) => [name, fullName(name, front)]));
  const names = Object.keys(front.models).toSorted();
  return fullNames(named.startsWith("=") ? names : names.filter((name) => name === named));
}
