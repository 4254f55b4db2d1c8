import { CST, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from "yaml";
import { differences } from "../edit/differences.ts";
import type { TextEdit } from "../operation.ts";
import { parseYaml } from "./parse-mapping.ts";
import type { ValuePath } from "./edit-mapping.ts";

/**
 * What becomes of texts in YAML: `value` of each text, `key` of each key, with the path to it; the same text stays as it is.
 * A text in a block (`|`, `>`) that changes only as a whole, without its indentation, becomes a plain one.
 */
export interface ScalarChanges {
  readonly value: (text: string, path: ValuePath) => string;
  readonly key: (text: string, path: ValuePath) => string;
}

/** The edits that write changed texts in the style each is written in. A text of YAML with errors is left; `null` says so. */
export function renameScalars(source: string, changes: ScalarChanges): TextEdit[] | null {
  const document = parseYaml(source);
  if (document.errors.length > 0) return null;
  const edits: TextEdit[] = [];
  const visit = (node: Node | null, path: ValuePath): void => {
    if (isScalar(node) && typeof node.value === "string") {
      const change = (text: string): string => changes.value(text, path);
      if (change(node.value) !== node.value) edits.push(...rewritten(source, node, change));
    } else if (isSeq(node)) node.items.forEach((item, index) => visit(item as Node, [...path, index]));
    else if (isMap(node)) {
      for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
        if (!isScalar(key)) continue;
        const name = key.source ?? "";
        const text = changes.key(name, [...path, name]);
        if (text !== name) edits.push(...rewritten(source, key, () => text));
        visit(value, [...path, name]);
      }
    }
  };
  visit(document.contents, []);
  return edits;
}

/** A text in the style it is written in. `change` is asked for the raw text where that reads the same: line breaks are white space to an expression. */
function rewritten(source: string, node: Scalar, change: (text: string) => string): TextEdit[] {
  const [start, end] = node.range!;
  const within = (from: number, to: number): TextEdit[] => {
    const raw = source.slice(from, to);
    return differences(raw, change(raw), from);
  };
  if (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED") {
    const body = source.indexOf("\n", start) + 1;
    if (String(node.value).startsWith("=")) return within(source.indexOf("=", body), end);
    const edits = within(body, end);
    if (edits.length > 0) return edits;
    return [{ start, end: start + source.slice(start, end).trimEnd().length, text: change(String(node.value)) }];
  }
  const quote = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE" ? 1 : 0;
  const escape = node.type === "QUOTE_DOUBLE" ? "\\" : node.type === "QUOTE_SINGLE" ? "''" : null;
  if (escape === null || !source.slice(start + quote, end - quote).includes(escape))
    return within(start + quote, end - quote);
  const token = node.srcToken as CST.Token;
  const before = CST.stringify(token);
  CST.setScalarValue(token, change(String(node.value)));
  return [{ start: token.offset, end: token.offset + before.length, text: CST.stringify(token) }];
}
