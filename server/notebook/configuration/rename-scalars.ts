import { CST, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from "yaml";
import type { TextEdit } from "../operation.ts";
import { parseYaml } from "./parse-mapping.ts";
import type { ValuePath } from "./edit-mapping.ts";

/** What becomes of texts in YAML: `value` of each text, `key` of each key, with the path to it; the same text stays as it is. */
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
      const text = changes.value(node.value, path);
      if (text !== node.value) edits.push(rewritten(source, node, text));
    } else if (isSeq(node)) node.items.forEach((item, index) => visit(item as Node, [...path, index]));
    else if (isMap(node)) {
      for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
        if (!isScalar(key)) continue;
        const name = typeof key.value === "string" ? key.value : (key.source ?? "");
        const text = changes.key(name, [...path, name]);
        if (text !== name) edits.push(rewritten(source, key, text));
        visit(value, [...path, name]);
      }
    }
  };
  visit(document.contents, []);
  return edits;
}

function rewritten(source: string, node: Scalar, text: string): TextEdit {
  const [start, end] = node.range!;
  const quote = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE" ? 1 : 0;
  if (
    node.type !== "BLOCK_LITERAL" &&
    node.type !== "BLOCK_FOLDED" &&
    source.slice(start + quote, end - quote) === node.value
  )
    return { start: start + quote, end: end - quote, text };
  const token = node.srcToken!;
  const before = CST.stringify(token as CST.Token);
  CST.setScalarValue(token as CST.Token, text);
  return { start: token.offset, end: token.offset + before.length, text: CST.stringify(token as CST.Token) };
}
