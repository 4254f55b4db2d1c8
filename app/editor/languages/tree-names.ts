import { syntaxTree } from "@codemirror/language";
import type { EditorState, Extension } from "@codemirror/state";
import type { SourceName } from "../names/source-name";
import { sourceNames } from "../names/source-names-facet";

/** The names of SQL: identifiers with their points, and parameters without their sign. */
export const sqlNames: Extension = sourceNames.of((state) =>
  found(state, (node) => {
    if (node.name === "SpecialVar") return [part(state, node.from + 1, node.to)];
    if (node.name === "CompositeIdentifier")
      return children(node.node)
        .filter(({ name }) => name !== ".")
        .map((child) => unquoted(state, child));
    if (node.name !== "Identifier" && node.name !== "QuotedIdentifier") return null;
    return node.node.parent?.name === "CompositeIdentifier" ? null : [unquoted(state, node)];
  }),
);

/** The names of code: variables, with the members read of them. */
export const javascriptNames: Extension = sourceNames.of((state) =>
  found(state, (node) => {
    if (node.name !== "VariableName") return null;
    const parts = [part(state, node.from, node.to)];
    for (let at = node.node; at.parent?.name === "MemberExpression" && at.parent.firstChild?.from === at.from;) {
      at = at.parent;
      const property = at.lastChild;
      if (property?.name !== "PropertyName") break;
      parts.push(part(state, property.from, property.to));
    }
    return parts;
  }),
);

type Part = SourceName["parts"][number];
type SyntaxNode = ReturnType<typeof syntaxTree>["topNode"];
type SyntaxNodeRef = Pick<SyntaxNode, "name" | "from" | "to" | "node">;

function found(state: EditorState, partsOf: (node: SyntaxNodeRef) => readonly Part[] | null): readonly SourceName[] {
  const names: SourceName[] = [];
  syntaxTree(state).iterate({
    enter(node) {
      const parts = partsOf(node);
      if (parts !== null && parts.length > 0) names.push({ parts });
    },
  });
  return names;
}

function part(state: EditorState, start: number, end: number): Part {
  return { start, end, text: state.sliceDoc(start, end) };
}

function unquoted(state: EditorState, { name, from, to }: Pick<SyntaxNodeRef, "name" | "from" | "to">): Part {
  return name === "QuotedIdentifier" ? part(state, from + 1, to - 1) : part(state, from, to);
}

function children(node: SyntaxNode): readonly SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) all.push(child);
  return all;
}
