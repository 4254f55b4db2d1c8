import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
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
  const [top, ...inner] = path;
  if (typeof top !== "string")
    throw refused("a value has no key", 'Give a path that begins with a key: `["vary", "tone"]`.');
  const document = parseYaml(source);
  if (
    document.errors.length > 0 ||
    (document.contents !== null && !isMap(document.contents) && !isEmpty(document.contents))
  )
    throw refused("the YAML there is not a mapping or has an error", "Correct its text first.");
  const before = valuesOf(source);
  const expected = withValue(before, path, value) as { readonly [key: string]: Datum };
  if (canonicalJson(expected) === canonicalJson(before)) return [];

  const attempts = [() => attempt(source, document, path, value)];
  if (inner.length > 0) attempts.push(() => attempt(source, document, [top], expected[top]));
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

function attempt(source: string, document: Document.Parsed, path: ValuePath, value: Datum | undefined): TextEdit[] {
  const root = document.contents;
  if (!isMap(root)) return value === undefined ? [] : addEntry(source, null, path[0]!, nest(path.slice(1), value));
  let parent: YAMLMap | YAMLSeq = root as YAMLMap;
  let holder: Entry | null = null;
  for (const [depth, step] of path.entries()) {
    const entry = entryOf(parent, step, holder);
    const rest = path.slice(depth + 1);
    if (entry === null) return value === undefined ? [] : addEntry(source, parent, step, nest(rest, value));
    if (rest.length === 0) return value === undefined ? removeEntry(source, entry) : replaceValue(source, entry, value);
    const { node } = entry;
    if (!isMap(node) && !isSeq(node)) return value === undefined ? [] : replaceValue(source, entry, nest(rest, value));
    parent = node as YAMLMap | YAMLSeq;
    holder = entry;
  }
  return [];
}

function entryOf(parent: YAMLMap | YAMLSeq, step: string | number, holder: Entry | null): Entry | null {
  const index = isSeq(parent)
    ? Number(step)
    : (parent.items as Pair<Node, Node | null>[]).findIndex(
        ({ key }) => isScalar(key) && (typeof key.value === "string" ? key.value : key.source) === String(step),
      );
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

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && !isAlias(node);
}

function refused(message: string, cure: string): SheafError {
  return new SheafError("operation.configuration", message, { cure });
}
