import { isCollection, isMap, type Node, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import type { TextEdit } from "../operation.ts";
import type { Datum } from "../value.ts";
import { printKey, printValue } from "./print-value.ts";

/** One entry of a YAML collection: a pair of a mapping or an item of a list. */
export interface Entry {
  readonly parent: YAMLMap | YAMLSeq;
  readonly index: number;
  /** The entry whose value the collection is; null at the root. */
  readonly holder: Entry | null;
  /** The entry's value. */
  readonly node: Node | null;
}

/** Writes another value in an entry's place. */
export function replaceValue(source: string, entry: Entry, value: Datum): TextEdit[] {
  const { node } = entry;
  const printed = printValue(value);
  const colon = colonEnd(entry.parent, entry.index);
  if (isNothing(node)) {
    const start = valueStart(entry.parent, entry.index);
    return [{ start, end: start, text: `${isMap(entry.parent) && colon === null ? ":" : ""} ${printed}` }];
  }
  const [start, end] = node!.range!;
  const isBlock = isCollection(node) && node.flow !== true;
  // A block collection stands on lines of its own; in one line it goes behind the colon.
  const from = isBlock && colon !== null ? colon : start;
  return [{ start: from, end: lastContent(source, end), text: from === start ? printed : ` ${printed}` }];
}

/** Writes a new entry behind the last one of a collection; `null` stands for an empty document. */
export function addEntry(
  source: string,
  parent: YAMLMap | YAMLSeq | null,
  step: string | number,
  value: Datum,
): TextEdit[] {
  const printed =
    parent === null || isMap(parent) ? `${printKey(String(step))}: ${printValue(value)}` : printValue(value);
  if (parent === null) {
    const text = source === "" || source.endsWith("\n") ? `${printed}\n` : `\n${printed}\n`;
    return [{ start: source.length, end: source.length, text }];
  }
  const { items } = parent;
  if (parent.flow === true) {
    const [start, end] = parent.range!;
    if (items.length === 0) {
      const [open, close] = isMap(parent) ? ["{ ", " }"] : ["[", "]"];
      return [{ start, end, text: `${open}${printed}${close}` }];
    }
    const at = entryEnd(parent, items.length - 1);
    return [{ start: at, end: at, text: `, ${printed}` }];
  }
  const first = entryStart(parent, 0);
  const indentation = " ".repeat(first - lineStart(source, first));
  const line = `${indentation}${isMap(parent) ? "" : "- "}${printed}`;
  const end = entryEnd(parent, items.length - 1);
  if (source[end - 1] === "\n") return [{ start: end, end, text: `${line}\n` }];
  const at = lineEnd(source, end);
  return [{ start: at, end: at, text: `\n${line}` }];
}

/** Takes an entry away; the last one of a nested collection leaves `{}` or `[]`. */
export function removeEntry(source: string, entry: Entry): TextEdit[] {
  const { parent, index, holder } = entry;
  const { items } = parent;
  if (items.length === 1 && holder !== null) return replaceValue(source, holder, isMap(parent) ? {} : []);
  const start = entryStart(parent, index);
  const end = entryEnd(parent, index);
  if (parent.flow === true) {
    if (index > 0) return [{ start: entryEnd(parent, index - 1), end, text: "" }];
    return [{ start, end: items.length > 1 ? entryStart(parent, 1) : end, text: "" }];
  }
  const from = lineStart(source, start);
  // The first pair of a mapping in a list shares its line with the `-`.
  if (source.slice(from, start).trim() !== "")
    return [{ start, end: index + 1 < items.length ? entryStart(parent, index + 1) : end, text: "" }];
  return [
    { start: from, end: source[end - 1] === "\n" ? end : Math.min(lineEnd(source, end) + 1, source.length), text: "" },
  ];
}

function isNothing(node: Node | null): boolean {
  return node === null || node.range![0] === node.range![1];
}

function pairOf(parent: YAMLMap | YAMLSeq, index: number): Pair<Node, Node | null> | null {
  return isMap(parent) ? (parent.items[index] as Pair<Node, Node | null>) : null;
}

function entryStart(parent: YAMLMap | YAMLSeq, index: number): number {
  const pair = pairOf(parent, index);
  if (pair !== null) return pair.key.range![0];
  const token = (parent as YAMLSeq).srcToken;
  const dash =
    token?.type === "block-seq" ? token.items[index]?.start.find((part) => part.type === "seq-item-ind") : undefined;
  return dash?.offset ?? (parent.items[index] as Node).range![0];
}

function entryEnd(parent: YAMLMap | YAMLSeq, index: number): number {
  const pair = pairOf(parent, index);
  const node = pair === null ? (parent.items[index] as Node) : pair.value;
  return isNothing(node) ? valueStart(parent, index) : node!.range![1];
}

/** Where the value of a pair may begin, behind its colon; null for list items and for keys without one. */
function colonEnd(parent: YAMLMap | YAMLSeq, index: number): number | null {
  const token = pairOf(parent, index)?.srcToken;
  const colon = token?.sep?.find((part) => part.type === "map-value-ind");
  return colon === undefined ? null : colon.offset + 1;
}

/** Where the value of an entry may begin: behind its colon, behind a key without one, behind the dash of a list item. */
function valueStart(parent: YAMLMap | YAMLSeq, index: number): number {
  return colonEnd(parent, index) ?? pairOf(parent, index)?.key.range![1] ?? entryStart(parent, index) + 1;
}

function lastContent(source: string, end: number): number {
  let at = end;
  while (source[at - 1] === "\n") at -= 1;
  return at;
}

function lineStart(source: string, at: number): number {
  return source.lastIndexOf("\n", at) + 1;
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf("\n", at);
  return end === -1 ? source.length : end;
}
