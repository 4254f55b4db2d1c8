import { isCollection, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { canonicalJson } from "../canonical-json.ts";
import { applyEdits, inOrder } from "../edit/text-edits.ts";
import type { TextEdit } from "../operation.ts";
import { SheafError } from "../sheaf-error.ts";
import type { Datum } from "../value.ts";
import { addEntry, removeEntry, replaceValue, type Entry } from "./entry-edits.ts";
import { parseMapping, parseYaml } from "./parse-mapping.ts";
import { withValue } from "./with-value.ts";

/** Where a value is in a mapping: keys of mappings and indexes of lists. */
export type ValuePath = readonly (string | number)[];

/**
 * The edits of a text of YAML that set the value at `path`, or remove it where it is `undefined`. Comments, order and spelling of everything
 * else stay: each try is read back and taken only where it says what it should. Throws `operation.configuration`.
 */
export function editMapping(source: string, path: ValuePath, value: Datum | undefined): TextEdit[] {
  const [top] = path;
  if (typeof top !== "string")
    throw refused("a value has no key", 'Give a path that begins with a key: `["vary", "tone"]`.');
  const { errors, contents } = parseYaml(source);
  if (errors.length > 0 || (contents !== null && !isMap(contents)))
    throw refused("the YAML there is not a mapping or has an error", "Correct its text first.");
  const before = valuesOf(source);
  const expected = withValue(before, path, value) as { readonly [key: string]: Datum };
  if (canonicalJson(expected) === canonicalJson(before)) return [];

  const root = contents as YAMLMap | null;
  const attempts = [() => attempt(source, root, path, value), () => attempt(source, root, [top], expected[top])];
  for (const edits of attempts) {
    const ordered = inOrder(source, edits());
    const after = applyEdits(source, ordered);
    if (parseYaml(after).errors.length === 0 && canonicalJson(valuesOf(after)) === canonicalJson(expected))
      return ordered;
  }
  throw refused(
    `\`${path.join(".")}\` cannot be set without changing other parts`,
    "Edit the YAML as text: anchors, aliases and tags are kept as they are.",
  );
}

/** `parent` is null where there is no mapping yet. What is removed is there, or nothing would differ. */
function attempt(
  source: string,
  parent: YAMLMap | YAMLSeq | null,
  path: ValuePath,
  value: Datum | undefined,
  holder: Entry | null = null,
): TextEdit[] {
  const [step, ...rest] = path as readonly [string | number, ...ValuePath];
  const entry = parent === null ? null : entryOf(parent, step, holder);
  if (entry !== null && rest.length > 0 && isCollection(entry.node))
    return attempt(source, entry.node as YAMLMap | YAMLSeq, rest, value, entry);
  if (entry === null) return addEntry(source, parent, step, nest(rest, value!));
  return value === undefined ? removeEntry(source, entry) : replaceValue(source, entry, nest(rest, value));
}

function entryOf(parent: YAMLMap | YAMLSeq, step: string | number, holder: Entry | null): Entry | null {
  const index = isSeq(parent)
    ? Number(step)
    : (parent.items as Pair<Node, Node | null>[]).findIndex(({ key }) => isScalar(key) && key.source === String(step));
  const item = parent.items[index] as Pair<Node, Node | null> | Node | undefined;
  if (item === undefined) return null;
  return { parent, index, holder, node: isSeq(parent) ? (item as Node) : (item as Pair<Node, Node | null>).value };
}

function nest(path: ValuePath, value: Datum): Datum {
  return path.reduceRight<Datum>((inner, step) => (typeof step === "number" ? [inner] : { [step]: inner }), value);
}

function valuesOf(source: string): { readonly [key: string]: Datum } {
  const view = { text: source, toFile: (offset: number) => offset };
  const position = (start: number, end: number) => ({ line: 1, column: 1, offset: start, length: end - start });
  return parseMapping({ view, position, what: "the configuration" }).configuration.values;
}

function refused(message: string, cure: string): SheafError {
  return new SheafError("operation.configuration", message, { cure });
}
